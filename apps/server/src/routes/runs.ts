/** The verbs of a run and of its sandbox: POST without a body. */
import { createRoute, type OpenAPIHono } from "@hono/zod-openapi";
import { CondenseResult, FinalResponse, plainText, Success } from "@openhands/protocol";
import * as z from "zod";
import { answer, errors, idParameter } from "./answers.ts";
import type { RouteContext } from "./context.ts";

const verbs = ["run", "pause", "interrupt", "suspend", "resume"] as const;

const verbRoute = <V extends (typeof verbs)[number]>(verb: V) =>
  createRoute({
    method: "post",
    path: `/api/conversations/{id}/${verb}`,
    request: { params: idParameter },
    responses: { 200: answer("done, or begun", Success), ...errors },
  });

const condense = createRoute({
  method: "post",
  path: "/api/conversations/{id}/condense",
  request: { params: idParameter },
  responses: {
    200: answer("done, or will be before the next model call, or why not", CondenseResult),
    ...errors,
  },
});

const finalResponse = createRoute({
  method: "get",
  path: "/api/conversations/{id}/agent_final_response",
  request: { params: idParameter },
  responses: {
    200: answer("the agent's last words; empty when none", FinalResponse),
    ...errors,
  },
});

export function runRoutes(app: OpenAPIHono, { sessions }: RouteContext): void {
  for (const verb of verbs) {
    app.openapi(verbRoute(verb), async (c) => {
      await sessions[verb](c.req.valid("param").id);
      return c.json({ success: true as const }, 200);
    });
  }
  app.openapi(condense, async (c) => c.json(await sessions.condense(c.req.valid("param").id), 200));
  app.openapi(finalResponse, async (c) => {
    const { log } = await sessions.open(c.req.valid("param").id);
    const [last] = await log.page({ kind: "MessageEvent", source: "agent", limit: 1, order: "descending" });
    const [finish] = await log.page({
      kind: "ActionEvent",
      json: '"FinishAction"',
      limit: 1,
      order: "descending",
    });
    return c.json({ response: finalWords(last, finish) }, 200);
  });
}

function finalWords(message: unknown, finish: unknown): string {
  const Message = z.looseObject({
    seq: z.number(),
    llm_message: z.looseObject({ content: z.array(z.any()) }),
  });
  const Finish = z.looseObject({ seq: z.number(), action: z.looseObject({ message: z.string() }) });
  const said = Message.safeParse(message);
  const finished = Finish.safeParse(finish);
  if (finished.success && (!said.success || finished.data.seq > said.data.seq))
    return finished.data.action.message;
  return said.success ? plainText(said.data.llm_message.content) : "";
}

/** What may be chosen in the settings. */
import { createRoute, type OpenAPIHono } from "@hono/zod-openapi";
import { agents as agentList } from "@openhands/agent";
import { catalogueNames, demoModelNames, ModelError } from "@openhands/models";
import { AppError, ModelInfo, ModelNames, ProbeReport, ProbeRequest } from "@openhands/protocol";
import * as z from "zod";
import { answer, body, errors } from "./answers.ts";
import type { RouteContext } from "./context.ts";

const names = (path: string, description: string) =>
  createRoute({
    method: "get",
    path,
    responses: { 200: answer(description, ModelNames), ...errors },
  });

const models = names("/api/options/models", "models that are known; any other may be named as well");
const agents = names("/api/options/agents", "agents");
const analyzers = names("/api/options/security-analyzers", "who may judge how risky an action is");

const probe = createRoute({
  method: "post",
  path: "/api/models/probe",
  request: { body: body(ProbeRequest) },
  responses: { 200: answer("what was found, each in words", ProbeReport), ...errors },
});

/** As V1 names it: rules on what a command does, and the model's own word; the worst counts. */
const securityAnalyzers: readonly string[] = ["LLMSecurityAnalyzer"];

const model = createRoute({
  method: "get",
  path: "/api/models",
  request: { query: z.object({ name: z.string().min(1).max(200) }) },
  responses: {
    200: answer("what is known of a model, by the settings and the catalogue", ModelInfo),
    ...errors,
  },
});

export function optionsRoutes(app: OpenAPIHono, { settings, spareCalls }: RouteContext): void {
  app.openapi(models, (c) => c.json([...demoModelNames, ...catalogueNames()], 200));
  app.openapi(agents, (c) =>
    c.json(
      agentList.map(({ name }) => name),
      200,
    ),
  );
  app.openapi(analyzers, (c) => c.json([...securityAnalyzers], 200));
  app.openapi(model, (c) => {
    const { name } = c.req.valid("query");
    try {
      return c.json(settings.describeModel(name), 200);
    } catch (error) {
      return invalid(error);
    }
  });
  app.openapi(probe, async (c) => {
    const request = c.req.valid("json");
    const { report, calls } = await settings.probe(request, c.req.raw.signal).catch(invalid);
    await spareCalls.count(calls);
    return c.json(report, 200);
  });
}

/** A name that fits no provider is the caller's mistake here. */
function invalid(error: unknown): never {
  if (error instanceof ModelError) throw new AppError("invalid", error.message, { cause: error });
  throw error;
}

/** A sane request for each call of the OpenAPI document: what it needs beyond its path, and what must be there before. */
import { port, type Stage, waiting } from "./stage.ts";

export interface SaneRequest {
  /** values of the path; `id` is the conversation that was worked in */
  readonly path?: Readonly<Record<string, string>>;
  readonly query?: string;
  /** sent as JSON */
  readonly body?: unknown;
  readonly raw?: () => FormData | Uint8Array<ArrayBuffer>;
}

type Make = (stage: Stage) => SaneRequest | Promise<SaneRequest>;

const fresh: Make = async ({ server: { client } }) => ({
  path: { id: (await client.conversations.create()).id },
});
const secret: Make = () => ({ path: { name: "TOKEN" }, body: { value: "a secret of the bench" } });
const withSecret: Make = async ({ server: { client } }) => {
  await client.secrets.put("TOKEN", { value: "a secret of the bench" });
  return { path: { name: "TOKEN" } };
};
const changed: Make = async ({ server: { client }, id }) => {
  await client.files.write(id, "numbers", new TextEncoder().encode("changed"));
  return { body: { path: "numbers" } };
};
const queued: Make = async ({ server: { client }, busy }) => {
  await client.events.send(busy, { content: "Next", delivery: "queue" });
  const last = (await client.queue.list(busy)).at(-1);
  return { path: { id: busy, n: String(last?.n) }, body: { content: "Next, changed" } };
};
const form = (): FormData => {
  const data = new FormData();
  data.append("file", new File(["a file"], "uploaded.txt"));
  return data;
};
const file = { query: "path=numbers" };

/** By method and path; a call that is not here needs nothing. */
export const requests: Readonly<Record<string, Make>> = {
  "post /api/auth/sign-in": async ({ server: { client } }) => ({
    body: { code: new URLSearchParams(new URL((await client.link()).link).hash.slice(1)).get("code") },
  }),
  "post /api/models/probe": () => ({ body: {} }),
  "post /api/conversations": () => ({ body: {} }),
  "patch /api/settings": () => ({ body: { language: "en" } }),
  "put /api/secrets/{name}": secret,
  "put /api/settings/secrets/{name}": secret,
  "put /api/settings/secrets": () => ({ body: { name: "TOKEN", value: "a secret of the bench" } }),
  "delete /api/secrets/{name}": withSecret,
  "delete /api/settings/secrets/{name}": withSecret,
  "post /api/conversations/{id}/secrets": () => ({ body: { secrets: { TOKEN: "a secret of the bench" } } }),
  "get /api/models": () => ({ query: "name=openai/gpt-4o" }),
  "get /api/conversations": ({ id }) => ({ query: `ids=${id}` }),
  "patch /api/conversations/{id}": () => ({ body: { title: "A title" } }),
  "delete /api/conversations/{id}": fresh,
  "post /api/conversations/{id}/restore": async (stage) => {
    const made = await fresh(stage);
    await stage.server.client.conversations.remove(made.path?.["id"] ?? "");
    return made;
  },
  "post /api/conversations/{id}/events": () => ({ body: { content: "A message" } }),
  "get /api/conversations/{id}/events": ({ clippedEvent }) => ({ query: `ids=${clippedEvent}` }),
  "get /api/conversations/{id}/events/{event_id}": ({ clippedEvent }) => ({
    path: { event_id: clippedEvent },
  }),
  "get /api/conversations/{id}/events/{event_id}/output": ({ clippedEvent }) => ({
    path: { event_id: clippedEvent },
  }),
  "get /api/conversations/{id}/attachments/{name}": ({ attachment }) => ({ path: { name: attachment } }),
  "get /api/conversations/{id}/file": () => file,
  "put /api/conversations/{id}/file": () => ({ query: "path=new", raw: () => new Uint8Array(1000) }),
  "post /api/conversations/{id}/upload": () => ({ query: "path=", raw: form }),
  "get /api/conversations/{id}/git/diff": () => file,
  "post /api/conversations/{id}/git/revert": changed,
  "post /api/conversations/{id}/ports/{port}/open": () => ({ path: { port: String(port) } }),
  "get /conversations/{id}/ports/{port}/{path}": () => ({ path: { port: String(port), path: "numbers" } }),
  "post /api/conversations/{id}/pause": ({ busy }) => ({ path: { id: busy } }),
  "post /api/conversations/{id}/retry_now": ({ busy }) => ({ path: { id: busy } }),
  "post /api/conversations/{id}/events/respond_to_confirmation": async ({ server }) => ({
    path: { id: await waiting(server) },
    body: { accept: false },
  }),
  "post /api/conversations/{id}/confirmation_policy": () => ({ body: { policy: { kind: "NeverConfirm" } } }),
  "post /api/conversations/{id}/security_analyzer": () => ({ body: { security_analyzer: null } }),
  "get /api/conversations/{id}/queue": ({ busy }) => ({ path: { id: busy } }),
  "patch /api/conversations/{id}/queue/{n}": queued,
  "delete /api/conversations/{id}/queue/{n}": async (stage) => ({ path: (await queued(stage)).path ?? {} }),
  "post /api/conversations/{id}/switch_llm": () => ({ body: { llm: { model: "openai/scripted" } } }),
  "post /api/conversations/{id}/mcp/{name}/restart": () => ({ path: { name: "none" } }),
};

/** These change what others need, so they come last, in this order. */
export const disturbing: readonly string[] = [
  "post /api/conversations/{id}/pause",
  "post /api/conversations/{id}/run",
  "post /api/conversations/{id}/interrupt",
  "post /api/conversations/{id}/condense",
  "post /api/secrets/rotate",
  "post /api/system/cleanup",
  "post /api/conversations/{id}/suspend",
  "post /api/conversations/{id}/resume",
  "post /api/auth/sign-out",
];

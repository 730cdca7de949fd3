/** What the calls of every route find: a server whose conversations have been worked in, each in another state. */
import { type Responder, call, hang, say, startScriptedLlm, temporaryHome } from "@openhands/testing";
import { probeConversation, settled } from "../../apps/server/test/conversation-probe.ts";
import { type ServerProcess, startServerProcess } from "../../apps/server/test/server-process.ts";

export interface Stage extends AsyncDisposable {
  readonly server: ServerProcess;
  /** worked in, at rest, its sandbox ready: a repository with a change, a port that is listened on */
  readonly id: string;
  /** its model never answers */
  readonly busy: string;
  /** an event of `id` whose output was clipped */
  readonly clippedEvent: string;
  /** an attachment of `id` */
  readonly attachment: string;
}

export const port = 8765;

const work = [
  "git init -q && seq 1 9000 > numbers && git add . && git -c user.name=a -c user.email=a@b commit -qm first",
  "echo more >> numbers",
  `(python3 -m http.server ${port} > /dev/null 2>&1 &)`,
  "seq 1 9000",
].join("; ");

const responder: Responder = ({ body }) => {
  const said = JSON.stringify(body.messages);
  if (said.includes("Never answer")) return hang();
  const works = said.includes("Do something") && !said.includes('"role":"tool"');
  return works ? call("terminal", { command: work }) : say("Done.");
};

export async function setStage(): Promise<Stage> {
  const home = await temporaryHome();
  const llm = await startScriptedLlm({ responder });
  const env = { LLM_BASE_URL: llm.url, LLM_MODEL: "openai/scripted", LLM_API_KEY: "sk-bench-0123456789" };
  const server = await startServerProcess({ home: home.path, runtime: "bubblewrap", env });
  const { client } = server;
  const { id } = await client.conversations.create();
  using probe = probeConversation(client, id);
  const image = `data:image/png;base64,${Buffer.alloc(90_000, "picture").toString("base64")}`;
  const content = [
    { type: "text" as const, text: "Do something" },
    { type: "image" as const, image_urls: [image] },
  ];
  await client.events.send(id, { content, run: true });
  await probe.state(settled);
  const clipped = await probe.event((event) => JSON.stringify(event).includes("whole_output"));
  const attachment = /attachment:(\w+\.\w+)/.exec(JSON.stringify(probe.events))?.[1] ?? "";
  const busy = (await client.conversations.create()).id;
  await client.events.send(busy, { content: "Never answer", run: true });
  return {
    server,
    id,
    busy,
    clippedEvent: clipped.id,
    attachment,
    async [Symbol.asyncDispose]() {
      await server.stop();
      await llm.stop();
      await home[Symbol.asyncDispose]();
    },
  };
}

/** A conversation whose action waits for a yes or no. */
export async function waiting({ client }: ServerProcess): Promise<string> {
  const { id } = await client.conversations.create({ confirmation_policy: { kind: "AlwaysConfirm" } });
  using probe = probeConversation(client, id);
  await client.events.send(id, { content: "Do something", run: true });
  await probe.state((info) => info.execution_status === "waiting_for_confirmation");
  return id;
}

/** Images that are too large for the log: kept beside it, shown to the model whole, to be had over HTTP. */
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { attachmentName } from "@openhands/protocol";
import { call, say } from "@openhands/testing";
import { afterAll, beforeAll, expect, it } from "vitest";
import { probeConversation, settled } from "./conversation-probe.ts";
import { type ScriptedServer, startScriptedServer } from "./scripted-server.ts";

/** Begins as a PNG does. */
const image = Buffer.concat([
  Buffer.from("89504e470d0a1a0a0000000d49484452", "hex"),
  Buffer.from(Array.from({ length: 150_000 }, (_, index) => (index * 7919) % 251)),
]);

let scripted: ScriptedServer;

beforeAll(async () => {
  scripted = await startScriptedServer();
});

afterAll(async () => await scripted[Symbol.asyncDispose]());

it("one of the person and one that the agent looked at are one file, and the model sees both", async () => {
  const { llm, server, home } = scripted;
  const { id } = await server.client.conversations.create();
  using probe = probeConversation(server.client, id);
  const data = image.toString("base64");
  llm.push(
    call("terminal", { command: "ls" }),
    call("file_editor", { command: "view", path: "/workspace/same.png" }),
    say("I see."),
  );
  await server.client.events.send(id, {
    content: [
      { type: "text", text: "what is it?" },
      { type: "image", image_urls: [`data:image/png;base64,${data}`] },
    ],
  });
  await writeFile(join(home.path, "workspace", id, "same.png"), image);
  await server.client.run(id);
  expect((await probe.state(settled)).execution_status).toBe("finished");

  const log = await readFile(join(home.path, "conversations", id, "events.json"), "utf8");
  expect(log).not.toContain(data.slice(0, 1000));
  const references = new Set(log.match(/attachment:[0-9a-f]{64}\.png/g));
  expect(references.size).toBe(1);
  const name = attachmentName([...references][0] ?? "") ?? "";
  expect(await readdir(join(home.path, "conversations", id, "attachments"))).toEqual([name]);
  const requests = llm.requests.map(
    (request) => JSON.stringify(request.body.messages).split(data).length - 1,
  );
  expect(requests).toEqual([1, 1, 2]);

  const answer = await fetch(server.client.events.attachmentUrl(id, name), {
    headers: { "X-Session-API-Key": server.key },
  });
  expect(answer.headers.get("content-type")).toBe("image/png");
  expect(Buffer.from(await answer.arrayBuffer()).equals(image)).toBe(true);
  const unknown = await fetch(server.client.events.attachmentUrl(id, "../events.json"), {
    headers: { "X-Session-API-Key": server.key },
  });
  expect(unknown.status).toBe(404);
});

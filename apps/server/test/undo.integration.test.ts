/** Edits are taken back in order, also by a server that was not there when they were made. */
import { call, say } from "@openhands/testing";
import { expect, it } from "vitest";
import { probeConversation } from "./conversation-probe.ts";
import { startScriptedServer } from "./scripted-server.ts";

const path = "/workspace/a.txt";
const edit = (old_str: string, new_str: string) =>
  call("file_editor", { command: "str_replace", path, old_str, new_str });
const undo = call("file_editor", { command: "undo_edit", path });

it("outlives kill -9", async () => {
  await using scripted = await startScriptedServer();
  scripted.llm.push(
    call("file_editor", { command: "create", path, file_text: "one\n" }),
    edit("one", "two"),
    edit("two", "three"),
    say("Edited."),
  );
  const { id } = await scripted.server.client.conversations.create({
    initial_message: { role: "user", content: "edit", run: true },
  });
  const said = (words: string) => (event: object) => JSON.stringify(event).includes(words);
  using before = probeConversation(scripted.server.client, id);
  await before.event(said("Edited."));
  await scripted.restart();
  scripted.llm.push(undo, undo, undo, call("terminal", { command: `cat ${path}` }), say("Taken back."));
  const { client } = scripted.server;
  await client.events.send(id, { content: "take it back", run: true });
  using after = probeConversation(client, id);
  await after.event(said("Taken back."));
  const observations = after.events.filter((event) => event.kind === "ObservationEvent").slice(-4);
  const told = observations.map((event) => JSON.stringify(event["observation"]));
  expect(told[0]).toContain("two");
  expect(told[1]).toContain("one");
  expect(told[2]).toContain("No edit history found");
  expect(told[3]).toMatch(/"text":"one\b/);
});

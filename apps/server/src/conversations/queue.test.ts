import { ConversationId, plainText, text } from "@openhands/protocol";
import { createConversationStore, createLayout, createRedactor } from "@openhands/store";
import { temporaryHome } from "@openhands/testing";
import { expect, it } from "vitest";
import { changeQueued, deliverQueued, emptyQueue, enqueue, unqueue } from "./queue.ts";
import { Session } from "./session.ts";

/** A conversation in which a message waits, and what was delivered of it. */
async function withQueued(path: string) {
  const redactor = createRedactor();
  const layout = createLayout(path);
  const id = ConversationId.parse("a".repeat(32));
  const store = createConversationStore({ layout, redactor });
  await store.create(id);
  const delivered: string[] = [];
  const session = await Session.open({
    log: await store.open(id),
    redactor,
    defaultModel: () => "openai/scripted",
    folder: layout.conversationFolder(id),
    onChange: (_, event) => {
      if (event.kind === "MessageEvent") delivered.push(JSON.stringify(event["llm_message"]));
    },
  });
  await enqueue(session, [text("as it was")]);
  const deliver = async () => await deliverQueued(session, async (drafts) => await session.append(drafts));
  return { session, deliver, delivered };
}

it("a message that is delivered while it is changed is the one that the person was told of", async () => {
  await using home = await temporaryHome();
  const { session, deliver, delivered } = await withQueued(home.path);
  const changing = changeQueued(session, 1, [text("as it is")]);
  expect(await deliver()).toBe(true);
  expect(plainText((await changing).content)).toBe("as it is");
  expect(delivered).toEqual([expect.stringContaining("as it is")]);
  expect(session.state.queue).toEqual([]);
  await session.log.close();
});

it.each([
  ["that one", async (session: Session) => await unqueue(session, 1)],
  ["all", emptyQueue],
])("a message that is taken out, by taking out %s, is not delivered meanwhile", async (_, takeOut) => {
  await using home = await temporaryHome();
  const { session, deliver, delivered } = await withQueued(home.path);
  const taking = takeOut(session);
  expect(await deliver()).toBe(false);
  await taking;
  expect(delivered).toEqual([]);
  await session.log.close();
});

it("a message that is being delivered can't be changed any more, and the person is told so", async () => {
  await using home = await temporaryHome();
  const { session, deliver, delivered } = await withQueued(home.path);
  const delivering = deliver();
  await expect(changeQueued(session, 1, [text("too late")])).rejects.toMatchObject({ code: "not_found" });
  expect(await delivering).toBe(true);
  expect(delivered).toEqual([expect.stringContaining("as it was")]);
  await session.log.close();
});

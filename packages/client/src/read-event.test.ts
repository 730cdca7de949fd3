import { expect, test } from "vitest";
import { readEvent, readFrame } from "./read-event.ts";

const base = { id: "e", timestamp: "2026-01-01T00:00:00Z", source: "agent" };

test("an unknown kind is passed on with its fields", () => {
  const event = { ...base, seq: 4, kind: "FutureEvent", extra: { deep: [1] } };
  expect(readFrame(JSON.stringify(event))).toEqual({ type: "stored", event });
});

test("a known kind whose fields do not fit is passed on under another name", () => {
  const event = readEvent({ ...base, seq: 4, kind: "MessageEvent", llm_message: "broken" });
  expect(event).toMatchObject({ seq: 4, kind: "UnreadableMessageEvent", llm_message: "broken" });
});

test("a delta is transient", () => {
  const frame = readFrame(JSON.stringify({ ...base, kind: "StreamingDeltaEvent", content: "hi" }));
  expect(frame).toMatchObject({ type: "transient", event: { content: "hi" } });
});

test.each(["{", "null", "[]", '{"kind":"MessageEvent"}', '{"kind":"StreamingDeltaEvent","content":1}'])(
  "%s becomes an error that names itself",
  (text) => {
    expect(readFrame(text)).toMatchObject({ type: "transient", event: { code: "unreadable_frame" } });
  },
);

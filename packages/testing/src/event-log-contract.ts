/** What every EventLog must do, however it keeps the events. Call within a test file. */
import {
  attachmentName,
  type ConversationId,
  type EventDraft,
  seqOfEventId,
  type StoredEvent,
} from "@openhands/protocol";
import type { EventLog, Redactor } from "@openhands/store";
import { describe, expect, test } from "vitest";

/** One place for one log, empty at first; disposing it removes what was kept. */
export interface EventLogHarness extends AsyncDisposable {
  readonly conversationId: ConversationId;
  /** the one that its logs are opened with */
  readonly redactor: Redactor;
  /** Opens the log; after a close, the same again. */
  open(): Promise<EventLog>;
}

export function messageDraft(text: string, source: "user" | "agent" = "user"): EventDraft {
  const role = source === "user" ? "user" : "assistant";
  return { kind: "MessageEvent", source, llm_message: { role, content: [{ type: "text", text }] } };
}

export function eventLogContract(name: string, makeHarness: () => Promise<EventLogHarness>): void {
  describe(`event log: ${name}`, () => {
    appending(makeHarness);
    reading(makeHarness);
    attaching(makeHarness);
    telling(makeHarness);
  });
}

/** Appends `count` messages, `message 0` and so on. */
async function fill(log: EventLog, count: number): Promise<StoredEvent[]> {
  return log.append(Array.from({ length: count }, (_, index) => messageDraft(`message ${index}`)));
}

async function all(events: AsyncIterable<StoredEvent>): Promise<StoredEvent[]> {
  return Array.fromAsync(events);
}

const seqs = (events: readonly StoredEvent[]): number[] => events.map((event) => event.seq);

const range = (from: number, before: number): number[] =>
  Array.from({ length: before - from }, (_, index) => from + index);

function appending(makeHarness: () => Promise<EventLogHarness>): void {
  test("an empty log has no events and the last seq -1", async () => {
    await using harness = await makeHarness();
    const log = await harness.open();
    expect(log.lastSeq).toBe(-1);
    expect(log.conversationId).toBe(harness.conversationId);
    expect(await all(log.read())).toEqual([]);
    expect(await log.page({ limit: 10, order: "descending" })).toEqual([]);
    expect(await log.at(0)).toBeNull();
    expect(await log.count({})).toBe(0);
    await log.close();
  });

  test("append gives seq, id and a UTC time, and keeps every field", async () => {
    await using harness = await makeHarness();
    const log = await harness.open();
    const draft = {
      ...messageDraft("hello\n\u2028 \u0000 \ud83d\ude00"),
      a_later_version: { knows: [1, null] },
    };
    const [first, second] = await log.append([draft, messageDraft("again")]);
    expect(first).toMatchObject({ ...draft, seq: 0 });
    expect(second?.seq).toBe(1);
    expect(first?.timestamp).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    expect(seqOfEventId(second?.id ?? "")).toBe(1);
    expect(log.lastSeq).toBe(1);
    expect(await all(log.read())).toEqual([first, second]);
    await log.close();
  });

  test("what was appended is there when the log is opened again, and seq goes on", async () => {
    await using harness = await makeHarness();
    const before = await harness.open();
    const rows = await fill(before, 3);
    await before.close();
    const log = await harness.open();
    expect(log.lastSeq).toBe(2);
    expect(await all(log.read())).toEqual(rows);
    const [next] = await log.append([messageDraft("on")]);
    expect(next?.seq).toBe(3);
    await log.close();
  });

  test("calls of one moment keep their order and the rows of one call stay together", async () => {
    await using harness = await makeHarness();
    const log = await harness.open();
    const calls = range(0, 50).map((call) =>
      log.append([messageDraft(`${call}a`), messageDraft(`${call}b`)]),
    );
    const rows = (await Promise.all(calls)).flat();
    expect(seqs(rows)).toEqual(range(0, 100));
    expect(await all(log.read())).toEqual(rows);
    await log.close();
  });

  test("a draft that is no event is refused and takes no seq", async () => {
    await using harness = await makeHarness();
    const log = await harness.open();
    const wrong = { kind: "MessageEvent", source: "user" } as EventDraft;
    await expect(log.append([messageDraft("lost with it"), wrong])).rejects.toThrow();
    const [row] = await log.append([messageDraft("right")]);
    expect(row?.seq).toBe(0);
    expect(await log.append([])).toEqual([]);
    await log.close();
  });

  test("half a character is kept as the sign for one that can't be read", async () => {
    await using harness = await makeHarness();
    const log = await harness.open();
    const halves = { ...messageDraft("a \ud83d b \ude00"), later: { "key \ud83d": "whole 😀" } };
    const [row] = await log.append([halves]);
    expect(row).toMatchObject({ ...messageDraft("a \ufffd b \ufffd"), later: { "key \ufffd": "whole 😀" } });
    expect(await all(log.read())).toEqual([row]);
    await log.close();
  });

  test("secrets are hidden in what is kept and in what is told", async () => {
    await using harness = await makeHarness();
    const secret = "correct-horse-battery";
    harness.redactor.add(secret);
    const log = await harness.open();
    const told: StoredEvent[] = [];
    log.subscribe((event) => told.push(event));
    const rows = await log.append([messageDraft(`it is ${secret}`)]);
    for (const seen of [rows, told, await all(log.read())]) {
      expect(JSON.stringify(seen)).not.toContain(secret);
      expect(JSON.stringify(seen)).toContain("<secret-hidden>");
    }
    await log.close();
  });

  test("close waits for what is queued; afterwards the log refuses", async () => {
    await using harness = await makeHarness();
    const log = await harness.open();
    const queued = fill(log, 5);
    await log.close();
    expect(seqs(await queued)).toEqual(range(0, 5));
    await expect(log.append([messageDraft("late")])).rejects.toMatchObject({ code: "wrong_state" });
    await expect(log.at(0)).rejects.toMatchObject({ code: "wrong_state" });
    await log.close();
  });
}

function reading(makeHarness: () => Promise<EventLogHarness>): void {
  test("pages go forwards and backwards between any two places", async () => {
    await using harness = await makeHarness();
    const log = await harness.open();
    await fill(log, 500);
    const forwards = await log.page({ afterSeq: 120, limit: 7, order: "ascending" });
    expect(seqs(forwards)).toEqual(range(121, 128));
    const last = await log.page({ limit: 7, order: "descending" });
    expect(seqs(last)).toEqual(range(493, 500).toReversed());
    const backwards = await log.page({ beforeSeq: 250, afterSeq: 245, limit: 100, order: "descending" });
    expect(seqs(backwards)).toEqual([249, 248, 247, 246]);
    expect(await log.page({ afterSeq: 499, limit: 5, order: "ascending" })).toEqual([]);
    expect(await log.page({ beforeSeq: 0, limit: 5, order: "descending" })).toEqual([]);
    expect(seqs(await log.page({ beforeSeq: 9999, limit: 1, order: "descending" }))).toEqual([499]);
    await log.close();
  });

  test("every event is found by seq and by id", async () => {
    await using harness = await makeHarness();
    const log = await harness.open();
    const rows = await fill(log, 300);
    for (const row of rows) {
      expect(await log.at(row.seq)).toEqual(row);
      expect(await log.get(row.id)).toEqual(row);
    }
    expect(await log.at(300)).toBeNull();
    expect(await log.at(-1)).toBeNull();
    expect(await log.get("00000000-0001-8000-8000-000000000000")).toBeNull();
    expect(await log.get("no such id")).toBeNull();
    await log.close();
  });

  test("lines of very different length do not matter", async () => {
    await using harness = await makeHarness();
    const log = await harness.open();
    const lengths = range(0, 60).map((index) => (index % 7 === 0 ? 200_000 + index : index * 37));
    const rows = await log.append(lengths.map((length) => messageDraft("\u00e9".repeat(length))));
    for (const row of rows) expect(await log.at(row.seq)).toEqual(row);
    expect(seqs(await log.page({ limit: 100, order: "descending" }))).toEqual(range(0, 60).toReversed());
    await log.close();
  });

  test("filters select by kind, source and text, in pages, streams and counts", async () => {
    await using harness = await makeHarness();
    const log = await harness.open();
    await log.append([
      messageDraft("Find the Needle"),
      messageDraft("nothing here", "agent"),
      { kind: "PauseEvent", source: "user" },
      messageDraft('a "needle"\nin quotes', "agent"),
    ]);
    expect(seqs(await log.page({ kind: "PauseEvent", limit: 9, order: "ascending" }))).toEqual([2]);
    expect(seqs(await all(log.read({ source: "agent" })))).toEqual([1, 3]);
    expect(seqs(await log.page({ body: "NEEDLE", limit: 9, order: "descending" }))).toEqual([3, 0]);
    expect(seqs(await all(log.read({ body: 'a "needle"\nin' })))).toEqual([3]);
    expect(await log.count({ body: "role" })).toBe(0);
    expect(await log.count({ json: '"role"' })).toBe(3);
    expect(await log.count({ source: "agent" })).toBe(2);
    expect(await log.count({ afterSeq: 0 })).toBe(3);
    expect(await log.count({ afterSeq: 0, beforeSeq: 3, body: "needle" })).toBe(0);
    await log.close();
  });

  test("reads go on while events are appended", async () => {
    await using harness = await makeHarness();
    const log = await harness.open();
    await fill(log, 200);
    const writing = Promise.all(range(0, 200).map((index) => log.append([messageDraft(`new ${index}`)])));
    for (let round = 0; round < 20; round += 1) {
      const seen = seqs(await all(log.read()));
      expect(seen).toEqual(range(0, seen.length));
      expect(seen.length).toBeGreaterThanOrEqual(200);
    }
    await writing;
    expect(await log.count({})).toBe(400);
    await log.close();
  });
}

function attaching(makeHarness: () => Promise<EventLogHarness>): void {
  const bytes = Buffer.from(range(0, 200_000).map((index) => (index * 7919) % 251));
  const image = (content: Buffer): string => `data:image/png;base64,${content.toString("base64")}`;
  const imageDraft = (...urls: string[]): EventDraft => ({
    kind: "MessageEvent",
    source: "user",
    llm_message: { role: "user", content: [{ type: "image", image_urls: urls }] },
  });

  test("an image over 64 kB is kept apart, once, and found by what stands in its place", async () => {
    await using harness = await makeHarness();
    const before = await harness.open();
    const small = image(bytes.subarray(0, 64 * 1024));
    const [row] = await before.append([imageDraft(image(bytes), small, image(bytes))]);
    const [again] = await before.append([imageDraft(image(bytes))]);
    await before.close();
    const log = await harness.open();
    expect(await all(log.read())).toEqual([row, again]);
    const references = /attachment:[0-9a-f]{64}\.png/g;
    const [first, ...others] = JSON.stringify([row, again]).match(references) ?? [];
    expect(others).toEqual([first, first]);
    expect(JSON.stringify(row)).toContain(small);
    expect(JSON.stringify(row).length).toBeLessThan(100_000);
    const name = attachmentName(first ?? "") ?? "";
    expect(Buffer.from((await log.attachment(name)) ?? [])).toEqual(bytes);
    for (const unknown of ["", "events.json", "../events.json", `${"0".repeat(64)}.png`]) {
      expect(await log.attachment(unknown)).toBeNull();
    }
    await log.close();
  });

  test("a file's content over 64 kB that an observation carries is kept apart, without the secrets in it", async () => {
    await using harness = await makeHarness();
    harness.redactor.add("correct-horse-battery");
    const log = await harness.open();
    const content = `${"a line\n".repeat(20_000)}correct-horse-battery\n`;
    const observation = {
      kind: "FileEditorObservation",
      content: [{ type: "text" as const, text: "edited" }],
      is_error: false,
      old_content: "short",
      new_content: content,
    };
    const call = { action_id: "a", tool_name: "file_editor", tool_call_id: "c" };
    const [row] = await log.append([
      { kind: "ObservationEvent", source: "environment", observation, ...call },
    ]);
    const name = /"new_content":"attachment:([0-9a-f]{64}\.txt)"/.exec(JSON.stringify(row))?.[1] ?? "";
    const kept = Buffer.from((await log.attachment(name)) ?? []).toString();
    expect(kept).toBe(content.replace("correct-horse-battery", "<secret-hidden>"));
    expect(JSON.stringify(row)).toContain('"old_content":"short"');
    await log.close();
  });
}

function telling(makeHarness: () => Promise<EventLogHarness>): void {
  test("listeners are told each row once, in order, before append resolves and after it can be read", async () => {
    await using harness = await makeHarness();
    const log = await harness.open();
    const told: number[] = [];
    const readable: Promise<StoredEvent | null>[] = [];
    log.subscribe((event) => {
      told.push(event.seq);
      readable.push(log.at(event.seq));
    });
    const appends = range(0, 20).map(async (call) => {
      const rows = await log.append([messageDraft(`${call}`), messageDraft(`${call}`)]);
      expect(told).toEqual(expect.arrayContaining(seqs(rows)));
    });
    await Promise.all(appends);
    expect(told).toEqual(range(0, 40));
    expect((await Promise.all(readable)).map((event) => event?.seq)).toEqual(told);
    await log.close();
  });

  test("who stopped listening is told nothing, the others still are", async () => {
    await using harness = await makeHarness();
    const log = await harness.open();
    const [stopped, stays]: [number[], number[]] = [[], []];
    const stop = log.subscribe((event) => stopped.push(event.seq));
    log.subscribe((event) => stays.push(event.seq));
    await fill(log, 1);
    stop();
    await fill(log, 1);
    expect(stopped).toEqual([0]);
    expect(stays).toEqual([0, 1]);
    await log.close();
  });
}

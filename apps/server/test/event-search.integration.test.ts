/** The log as it is asked for over HTTP: page by page, filtered, counted. */
import type { StoredEvent } from "@openhands/protocol";
import { call, say } from "@openhands/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { probeConversation, settled } from "./conversation-probe.ts";
import { type ScriptedServer, startScriptedServer } from "./scripted-server.ts";

let scripted: ScriptedServer;
let id: string;
let log: readonly StoredEvent[];

beforeAll(async () => {
  scripted = await startScriptedServer();
  const { client } = scripted.server;
  scripted.llm.push(call("terminal", { command: "echo a heron" }), say("A heron, then."));
  ({ id } = await client.conversations.create({ initial_message: { content: "which bird?", run: true } }));
  {
    using probe = probeConversation(client, id);
    await probe.state(settled);
  }
  for (const content of ["one", "two", "three", "four"]) await client.events.send(id, { content });
  log = (await client.events.search(id)).items;
  expect(log.map(({ seq }) => seq)).toEqual(log.map((_, seq) => seq));
});

afterAll(async () => await scripted[Symbol.asyncDispose]());

interface Page {
  readonly items: StoredEvent[];
  readonly next_page_id: string | null;
}

async function get(path: string): Promise<{ status: number; body: unknown }> {
  const { url, key } = scripted.server;
  const answer = await fetch(`${url}/api/conversations/${id}/events/${path}`, {
    headers: { "x-session-api-key": key },
  });
  return { status: answer.status, body: await answer.json() };
}

/** Every page of a search, one after the other. */
async function pages(query: Record<string, string>): Promise<Page[]> {
  const found: Page[] = [];
  let next: string | null = null;
  do {
    const page = next === null ? query : { ...query, page_id: next };
    found.push((await get(`search?${new URLSearchParams(page).toString()}`)).body as Page);
    next = found.at(-1)?.next_page_id ?? null;
  } while (next !== null);
  return found;
}

const seqs = (found: readonly Page[]): number[] => found.flatMap(({ items }) => items.map(({ seq }) => seq));

describe("pages", () => {
  it.each([1, 2, 5, 100])(
    "of %i hold each event once, in both orders, and the last one leads nowhere",
    async (limit) => {
      const all = log.map(({ seq }) => seq);
      for (const [order, expected] of [
        ["TIMESTAMP", all],
        ["TIMESTAMP_DESC", all.toReversed()],
      ] as const) {
        const found = await pages({ limit: `${limit}`, sort_order: order });
        expect(seqs(found)).toEqual(expected);
        expect(found).toHaveLength(Math.ceil(all.length / limit));
        for (const [index, page] of found.entries())
          expect(page.next_page_id).toBe(found[index + 1]?.items[0]?.id ?? null);
      }
    },
  );

  it("between two seqs, and of one kind, go on within what was asked for", async () => {
    for (const order of ["TIMESTAMP", "TIMESTAMP_DESC"]) {
      const between = await pages({ after_seq: "2", before_seq: "9", limit: "2", sort_order: order });
      expect(seqs(between).toSorted((a, b) => a - b)).toEqual([3, 4, 5, 6, 7, 8]);
      const messages = await pages({ kind: "MessageEvent", source: "user", limit: "2", sort_order: order });
      expect(seqs(messages)).toHaveLength(5);
    }
  });

  it("begin anew at a page that is none", async () => {
    expect((await get("search?page_id=nonsense&limit=1")).body).toMatchObject({ items: [{ seq: 0 }] });
  });

  it.each([
    "limit=0",
    "limit=101",
    "limit=some",
    "sort_order=SIDEWAYS",
    "after_seq=x",
    "timestamp__gte=yesterday",
  ])("are refused for %s", async (query) => {
    for (const call of ["search", "count"])
      expect(await get(`${call}?${query}`)).toMatchObject({ status: 422, body: { code: "invalid" } });
  });
});

describe("a count", () => {
  it("is that of what the same search finds, whatever is asked for", async () => {
    const middle = log[Math.floor(log.length / 2)]?.timestamp ?? "";
    const filters: readonly (readonly [Record<string, string>, (event: StoredEvent) => boolean])[] = [
      [{}, () => true],
      [{ kind: "ObservationEvent" }, ({ kind }) => kind === "ObservationEvent"],
      [{ kind: "openhands.sdk.event.MessageEvent" }, ({ kind }) => kind === "MessageEvent"],
      [{ source: "agent" }, ({ source }) => source === "agent"],
      [{ source: "nobody" }, () => false],
      [{ body: "HERON", source: "agent" }, (event) => event.source === "agent" && holds(event, "heron")],
      [{ after_seq: "3" }, ({ seq }) => seq > 3],
      [{ timestamp__gte: middle }, ({ timestamp }) => timestamp >= middle],
      [{ timestamp__lt: middle }, ({ timestamp }) => timestamp < middle],
      [{ timestamp__gte: middle.replace("Z", "+00:00") }, ({ timestamp }) => timestamp >= middle],
    ];
    for (const [filter, fits] of filters) {
      const expected = log.filter(fits).map(({ seq }) => seq);
      expect(seqs(await pages({ ...filter, limit: "3" })), JSON.stringify(filter)).toEqual(expected);
      expect((await get(`count?${new URLSearchParams(filter).toString()}`)).body).toBe(expected.length);
    }
  });
});

const holds = (event: StoredEvent, word: string): boolean => JSON.stringify(event).includes(word);

import { constants } from "node:fs";
import {
  appendFile,
  type FileHandle,
  open,
  readdir,
  readFile,
  readlink,
  stat,
  truncate,
  writeFile,
} from "node:fs/promises";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { ConversationId, type StoredEvent } from "@openhands/protocol";
import { eventLogContract, messageDraft, temporaryHome } from "@openhands/testing";
import { describe, expect, test, vi } from "vitest";
import { openEventLog, type OpenEventLog } from "./event-log.ts";
import { createRedactor } from "./redactor.ts";

const conversationId = ConversationId.parse("0123456789abcdef0123456789abcdef");

eventLogContract("events.json", async () => {
  const home = await temporaryHome();
  const redactor = createRedactor();
  const path = join(home.path, "events.json");
  return {
    conversationId,
    redactor,
    open: () => openEventLog({ path, conversationId, redactor }),
    [Symbol.asyncDispose]: () => home[Symbol.asyncDispose](),
  };
});

/** A log of `count` messages in a folder of its own, closed. */
async function writtenLog(count: number) {
  const home = await temporaryHome();
  const path = join(home.path, "events.json");
  const open = (): Promise<OpenEventLog> =>
    openEventLog({ path, conversationId, redactor: createRedactor() });
  const log = await open();
  const rows = await log.append(Array.from({ length: count }, (_, index) => messageDraft(`number ${index}`)));
  await log.close();
  const beside = async (): Promise<string[]> =>
    (await readdir(home.path)).filter((name) => name !== "events.json");
  return { home, path, open, rows, beside, [Symbol.asyncDispose]: () => home[Symbol.asyncDispose]() };
}

const readAll = (log: OpenEventLog): Promise<StoredEvent[]> => Array.fromAsync(log.read());

/** As any program reads it. */
const asJson = async (path: string): Promise<StoredEvent[]> => JSON.parse(await readFile(path, "utf8"));

/** Counts the writes that every file handle of this process is asked for. */
async function countWrites() {
  await using handle = await open("/dev/null");
  const prototype = Object.getPrototypeOf(handle) as Pick<FileHandle, "write">;
  const write = vi.spyOn(prototype, "write");
  return {
    take(): number {
      const count = write.mock.calls.length;
      write.mockClear();
      return count;
    },
    [Symbol.dispose]: () => write.mockRestore(),
  };
}

test("appends of one turn of the event loop share one write", async () => {
  await using kept = await writtenLog(1);
  const log = await kept.open();
  using writes = await countWrites();
  const draft = messageDraft("one of many");
  const turn = (count: number): Promise<unknown> =>
    Promise.all(Array.from({ length: count }, async () => await log.append([draft, draft])));
  await turn(50);
  expect(writes.take()).toBe(1);
  // what comes while a write is under way shares the next one
  const first = turn(1);
  while (writes.take() === 0) await setImmediate();
  await Promise.all([first, turn(50)]);
  expect(writes.take()).toBe(1);
  await turn(1);
  await turn(1);
  expect(writes.take()).toBe(2);
  await log.close();
});

test("a write returns when it is on the disk: the file is open for that", async () => {
  await using kept = await writtenLog(1);
  const log = await kept.open();
  const flags = await Promise.all(
    (await readdir("/proc/self/fd")).map(async (descriptor) => {
      const path = await readlink(`/proc/self/fd/${descriptor}`).catch(() => null);
      if (path !== kept.path) return [];
      const facts = await readFile(`/proc/self/fdinfo/${descriptor}`, "utf8");
      return [Number.parseInt(/flags:\s+(\d+)/.exec(facts)?.[1] ?? "", 8)];
    }),
  );
  expect(flags.flat().map((flag) => flag & constants.O_DSYNC)).toEqual([constants.O_DSYNC]);
  await log.close();
});

describe("the file", () => {
  test("is a JSON array at rest, one event a line, for the owner alone", async () => {
    await using kept = await writtenLog(0);
    expect(await readFile(kept.path, "utf8")).toBe("[\n]\n");
    const log = await kept.open();
    for (let count = 1; count <= 3; count += 1) {
      await log.append([messageDraft("x")]);
      expect(await asJson(kept.path)).toHaveLength(count);
    }
    await log.close();
    const lines = (await readFile(kept.path, "utf8")).split("\n");
    expect(lines).toHaveLength(6);
    expect(lines.slice(1, 4).every((line) => /^\{"seq":\d,"id":"[^"]+",.*\},?$/.test(line))).toBe(true);
    expect((await stat(kept.path)).mode & 0o777).toBe(0o600);
  });

  test("an append leaves what is there untouched", async () => {
    await using kept = await writtenLog(2000);
    const before = await readFile(kept.path, "utf8");
    const log = await kept.open();
    await log.append([messageDraft("one more")]);
    await log.close();
    expect((await readFile(kept.path, "utf8")).startsWith(before.slice(0, -3))).toBe(true);
    expect(await kept.beside()).toEqual([]);
  });
});

describe("a torn tail", () => {
  test("cut anywhere, the whole lines stay, the rest is kept beside, and appending goes on", async () => {
    await using kept = await writtenLog(3);
    const bytes = await readFile(kept.path);
    const lastStart = bytes.lastIndexOf('{"seq":2');
    // every place where the shape changes, and some within the long run of the line
    const atAnEdge = (size: number): boolean => size < lastStart + 12 || size > bytes.length - 8;
    for (let size = lastStart - 2; size < bytes.length; size += atAnEdge(size) ? 1 : 9) {
      await writeFile(kept.path, bytes.subarray(0, size));
      const log = await kept.open();
      const whole = size >= bytes.length - 3 ? 3 : 2;
      expect(await readAll(log)).toEqual(kept.rows.slice(0, whole));
      const { healed } = log.report;
      if (healed) {
        const aside = await readFile(join(kept.home.path, healed.side_file));
        expect(aside.length).toBe(healed.bytes);
        expect(bytes.subarray(size - healed.bytes, size).equals(aside)).toBe(true);
      } else {
        expect(
          bytes
            .subarray(0, size)
            .toString()
            .replace(/[\s,\]]*$/, ""),
        ).toMatch(/\}$/);
      }
      const [next] = await log.append([messageDraft("after")]);
      expect(next?.seq).toBe(whole);
      await log.close();
      expect(await asJson(kept.path)).toHaveLength(whole + 1);
    }
  });

  test("of zeros, as after a power cut, is cut off", async () => {
    await using kept = await writtenLog(3);
    const { size } = await stat(kept.path);
    await truncate(kept.path, size - 3);
    await appendFile(kept.path, `,\n{"seq":3,"id":"x"${"\0".repeat(100_000)}`);
    const log = await kept.open();
    expect(await readAll(log)).toEqual(kept.rows);
    expect(log.report.healed?.bytes).toBe(100_019);
    await log.close();
    expect(await asJson(kept.path)).toEqual(kept.rows);
  });

  test("a closing bracket that an append had half overwritten loses no event", async () => {
    await using kept = await writtenLog(3);
    const { size } = await stat(kept.path);
    for (const tail of ["", "\n", ",", ",]\n", "\n]", "\n]\n\n", ",\n{", ",\n]\n"]) {
      await truncate(kept.path, size - 3);
      await appendFile(kept.path, tail);
      const log = await kept.open();
      expect(await readAll(log)).toEqual(kept.rows);
      await log.close();
      expect(await asJson(kept.path)).toEqual(kept.rows);
    }
  });

  test("two tears at the same moment are both kept", async () => {
    await using kept = await writtenLog(1);
    for (let round = 0; round < 2; round += 1) {
      await appendFile(kept.path, `garbage ${round}`);
      const log = await openEventLog({
        path: kept.path,
        conversationId,
        redactor: createRedactor(),
        clock: () => 0,
      });
      await log.close();
    }
    expect(await kept.beside()).toHaveLength(2);
  });

  test.each(["", "[", "[\n", "\0\0\0\0", '[\n{"seq":0,"id"', "[]", "[]\n", "not json at all"])(
    "a file of %j opens as an empty log",
    async (content) => {
      await using kept = await writtenLog(0);
      await writeFile(kept.path, content);
      const log = await kept.open();
      expect(log.lastSeq).toBe(-1);
      const rows = await log.append([messageDraft("first")]);
      await log.close();
      expect(await asJson(kept.path)).toEqual(rows);
    },
  );
});

describe("a damaged middle", () => {
  test("is stood for by the seqs between its neighbours, in every way of reading", async () => {
    await using kept = await writtenLog(400);
    const lines = (await readFile(kept.path, "utf8")).split("\n");
    // lines[n] holds seq n - 1
    lines.splice(101, 3, "\0\0\0 garbage", '{"seq":101,"half":');
    await writeFile(kept.path, lines.join("\n"));
    const log = await kept.open();
    const rows = await readAll(log);
    expect(rows.map((row) => row.seq)).toEqual(Array.from({ length: 400 }, (_, seq) => seq));
    expect(rows.filter((row) => row.kind === "UnreadableEvent").map((row) => row.seq)).toEqual([
      100, 101, 102,
    ]);
    const backwards = await log.page({ limit: 400, order: "descending" });
    expect(backwards.toReversed()).toEqual(rows);
    for (const seq of [99, 100, 101, 102, 103]) {
      expect(await log.at(seq)).toEqual(rows[seq]);
      expect(await log.get(rows[seq]?.id ?? "")).toEqual(rows[seq]);
      const [row] = await log.page({ beforeSeq: seq + 1, limit: 1, order: "descending" });
      expect(row).toEqual(rows[seq]);
    }
    expect(await log.count({ kind: "UnreadableEvent" })).toBe(3);
    expect((await log.append([messageDraft("on")]))[0]?.seq).toBe(400);
    await log.close();
  });

  test.each([
    ["in the middle", [100, 101]],
    ["at the head", [0, 1]],
    ["one alone", [200]],
  ])("that is events spread over several lines by hand is read as these: %s", async (_, seqs) => {
    await using kept = await writtenLog(400);
    const before = await kept.open();
    const rows = await readAll(before);
    await before.close();
    const lines = (await readFile(kept.path, "utf8")).split("\n");
    for (const seq of seqs) {
      const event: unknown = JSON.parse((lines[seq + 1] ?? "").replace(/,$/, ""));
      lines[seq + 1] = `${JSON.stringify(event, null, 2)},`;
    }
    await writeFile(kept.path, lines.join("\n"));
    const log = await kept.open();
    expect(await readAll(log)).toEqual(rows);
    expect((await log.page({ limit: 400, order: "descending" })).toReversed()).toEqual(rows);
    for (const seq of [0, 1, 2, 99, 100, 101, 102, 199, 200, 201]) {
      expect(await log.at(seq)).toEqual(rows[seq]);
      expect(await log.get(rows[seq]?.id ?? "")).toEqual(rows[seq]);
      const [row] = await log.page({ beforeSeq: seq + 1, limit: 1, order: "descending" });
      expect(row).toEqual(rows[seq]);
    }
    await log.close();
  });

  test("at the head of the log hides nothing else", async () => {
    await using kept = await writtenLog(5);
    const text = await readFile(kept.path, "utf8");
    await writeFile(kept.path, text.replace('[\n{"seq":0', '\0\0\0\0"seq":0'));
    const log = await kept.open();
    const kinds = (await readAll(log)).map((row) => row.kind);
    expect(kinds).toEqual(["UnreadableEvent", ...Array.from({ length: 4 }, () => "MessageEvent")]);
    const backwards = await log.page({ limit: 9, order: "descending" });
    expect(backwards.map((row) => row.seq)).toEqual([4, 3, 2, 1, 0]);
    await log.close();
  });
});

describe("what this version does not know", () => {
  test("kinds of another version are kept as they are; fields that do not fit are stood for", async () => {
    await using kept = await writtenLog(1);
    const common = { id: "foreign", timestamp: "2031-01-01T00:00:00Z", source: "moon" };
    const foreign = { seq: 1, ...common, kind: "FromTheFuture", deep: { er: [1] } };
    const misfit = { seq: 2, ...common, id: "misfit", kind: "MessageEvent", text: "other shape" };
    await writeFile(
      kept.path,
      `[\n${[kept.rows[0], foreign, misfit].map((row) => JSON.stringify({ ...row })).join(",\n")}\n]\n`,
    );
    const log = await kept.open();
    const rows = await readAll(log);
    expect(rows[1]).toEqual(foreign);
    expect(rows[2]).toMatchObject({ seq: 2, id: "misfit", kind: "UnreadableEvent" });
    expect(await log.get("foreign")).toEqual(foreign);
    await log.close();
    expect(await asJson(kept.path)).toHaveLength(3);
  });
});

describe("a file edited by hand", () => {
  const shapes: [string, (rows: readonly StoredEvent[]) => string][] = [
    ["pretty-printed", (rows) => `${JSON.stringify(rows, null, 2)}\n`],
    ["on one line", (rows) => JSON.stringify(rows)],
    [
      "with line ends of its own",
      (rows) => `[\r\n${rows.map((row) => JSON.stringify(row)).join(",\r\n")}\r\n]\r\n`,
    ],
    [
      "with the last event spread out",
      (rows) => {
        const [first, ...rest] = rows;
        return `[\n${JSON.stringify(first)},\n${rest.map((row) => JSON.stringify(row, null, 1)).join(",\n")}\n]\n`;
      },
    ],
  ];

  test.each(shapes)("%s: is read, and in lines again", async (_name, write) => {
    await using kept = await writtenLog(3);
    const edited = write(kept.rows);
    await writeFile(kept.path, edited);
    const log = await kept.open();
    expect(await readAll(log)).toEqual(kept.rows);
    const [next] = await log.append([messageDraft("on")]);
    await log.close();
    expect(await asJson(kept.path)).toEqual([...kept.rows, next]);
    expect((await readFile(kept.path, "utf8")).split("\n")).toHaveLength(7);
    for (const name of await kept.beside()) {
      expect(name).toMatch(/^events\.json\.backup-/);
      expect(await readFile(join(kept.home.path, name), "utf8")).toBe(edited);
    }
  });

  test("events without a place get the next one", async () => {
    await using kept = await writtenLog(2);
    const { seq: _seq, ...placeless } = kept.rows[1] ?? { seq: 0 };
    await writeFile(kept.path, JSON.stringify([kept.rows[0], placeless], null, 2));
    const log = await kept.open();
    expect(await readAll(log)).toEqual(kept.rows);
    await log.close();
  });
});

test("a listener that throws takes nothing from the others nor from the append", async () => {
  await using kept = await writtenLog(0);
  const log = await kept.open();
  const warned = new Promise((resolve) => process.once("warning", resolve));
  const told: number[] = [];
  log.subscribe(() => {
    throw new Error("a bug of a listener");
  });
  log.subscribe((event) => told.push(event.seq));
  await log.append([messageDraft("x")]);
  expect(told).toEqual([0]);
  expect(await warned).toMatchObject({ message: "a bug of a listener" });
  await log.close();
});

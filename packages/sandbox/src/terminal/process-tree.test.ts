import { describe, expect, test } from "vitest";
import { commandProcesses, keyOf, parseProcesses, type ProcessRow } from "./process-tree.ts";

const shell: ProcessRow = {
  pid: 10,
  state: "S",
  parent: 1,
  group: 10,
  session: 10,
  terminal: 7,
  foreground: 20,
  started: 100,
  image: null,
};
const row = (pid: number, changes: Partial<ProcessRow>): ProcessRow => ({
  ...shell,
  pid,
  parent: 10,
  group: pid,
  started: 500,
  ...changes,
});
const pids = (rows: readonly ProcessRow[], known: readonly ProcessRow[] = []): number[] =>
  commandProcesses(rows, { shell: 10, since: 400, known: new Set(known.map(keyOf)) }).map(({ pid }) => pid);

describe("commandProcesses", () => {
  test("are the foreground group and all that descend from it", () => {
    const child = row(21, { parent: 20, group: 20 });
    const detached = row(22, { parent: 21, group: 22, terminal: 0 });
    expect(pids([shell, row(20, {}), child, detached])).toEqual([20, 21, 22]);
  });

  test("are what was put in the background since, but not before", () => {
    expect(pids([shell, row(30, { started: 399 }), row(31, {}), row(32, { parent: 1 })])).toEqual([31, 32]);
  });

  test("are what an earlier command left, once it is in the foreground", () => {
    expect(pids([shell, row(20, { started: 399 })])).toEqual([20]);
  });

  test("are still known when their parent has died, but not a later process with that number", () => {
    const orphan = row(22, { parent: 1, group: 22, terminal: 0 });
    expect(pids([shell, orphan])).toEqual([]);
    expect(pids([shell, orphan], [orphan])).toEqual([22]);
    expect(pids([shell, { ...orphan, started: 600 }], [orphan])).toEqual([]);
  });

  test("are neither the shell itself, nor the dead, nor another terminal's", () => {
    const own = { ...shell, foreground: 10 };
    const elsewhere = row(40, { parent: 1, terminal: 8, session: 40 });
    const sameNumber = row(41, { parent: 1, session: 41 });
    expect(pids([own, row(20, { state: "Z" }), elsewhere, sameNumber])).toEqual([]);
  });
});

describe("parseProcesses", () => {
  const fields = "21 S 10 20 5 34816 20 4194304 1 2 3 4 5 6 7 8 20 0 1 0 401622 4734976 897 1844";

  test("reads the fields of /proc/pid/stat", () => {
    const [self] = parseProcesses(`${fields} 94318 94325 140722 0 0\n\nshort 1\n`);
    expect(self).toEqual({
      pid: 21,
      state: "S",
      parent: 10,
      group: 20,
      session: 5,
      terminal: 34_816,
      foreground: 20,
      started: 401_622,
      image: "94318 94325 140722",
    });
  });

  test("knows nothing of the memory of a process that may not be looked into", () => {
    expect(parseProcesses(`${fields} 1 1 0 0 0\n`)).toMatchObject([{ image: null }]);
  });
});

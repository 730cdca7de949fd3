import { EventEmitter } from "node:events";
import { expect, it } from "vitest";
import { onStopSignals, oneWishMs } from "./stop-signals.ts";

/** What was wished for after `signals`, each at its time. */
function wishesAfter(signals: readonly (readonly [at: number, name: string])[]): string[] {
  const source = new EventEmitter();
  const told: string[] = [];
  let time = 0;
  onStopSignals(source, {
    first: () => told.push("first"),
    again: () => told.push("again"),
    now: () => time,
  });
  for (const [at, name] of signals) {
    time = at;
    source.emit(name);
  }
  return told;
}

it.each(["SIGTERM", "SIGINT"])("%s stops, and once more ends at once", (name) => {
  expect(wishesAfter([[5, name]])).toEqual(["first"]);
  expect(
    wishesAfter([
      [5, name],
      [5 + oneWishMs, name],
    ]),
  ).toEqual(["first", "again"]);
});

it("what a group of processes is told by several ways at once is one wish", () => {
  expect(
    wishesAfter([
      [0, "SIGTERM"],
      [1, "SIGTERM"],
      [oneWishMs - 1, "SIGINT"],
    ]),
  ).toEqual(["first"]);
});

it("a terminal that goes stops, and ends nothing at once", () => {
  expect(
    wishesAfter([
      [0, "SIGHUP"],
      [5000, "SIGHUP"],
    ]),
  ).toEqual(["first"]);
});

import { Readable } from "node:stream";
import { describe, expect, it } from "vitest";
import { keepPace, OutputPace } from "./output-pace.ts";

function paceAt(clock: { now: number }): OutputPace {
  return new OutputPace({ allowance: 10_000, perSecond: 1000 }, () => clock.now);
}

describe("OutputPace", () => {
  it("asks for no rest within the allowance, and then for as long as what was read is too much", () => {
    const pace = paceAt({ now: 0 });
    expect(pace.restAfter(Buffer.alloc(9000, "x"))).toBe(0);
    expect(pace.restAfter(Buffer.alloc(1500, "x"))).toBe(500);
    expect(pace.restAfter(Buffer.alloc(1000, "x"))).toBe(1500);
  });

  it("gives the allowance back with time, and never more than it", () => {
    const clock = { now: 0 };
    const pace = paceAt(clock);
    expect(pace.restAfter(Buffer.alloc(12_000, "x"))).toBe(2000);
    clock.now = 2000;
    expect(pace.restAfter(Buffer.alloc(0))).toBe(0);
    clock.now = 3_600_000;
    expect(pace.restAfter(Buffer.alloc(11_000, "x"))).toBe(1000);
  });

  it("counts a line's end for what the kernel spends on it", () => {
    const pace = paceAt({ now: 0 });
    expect(pace.restAfter(Buffer.from("y\n".repeat(1024)))).toBe(2 * 1024 + 14 * 1024 - 10_000);
  });
});

describe("keepPace", () => {
  it("loses nothing and rests in between", async () => {
    const chunks = Array.from({ length: 50 }, (_, index) => Buffer.alloc(1000, index));
    const source = Readable.from(chunks);
    const seen: Buffer[] = [];
    let rests = 0;
    source.on("data", (chunk: Buffer) => seen.push(chunk));
    source.on("pause", () => (rests += 1));
    keepPace(source, new OutputPace({ allowance: 1000, perSecond: 1_000_000 }));
    // what rests does not hold up a process that ends
    const alive = setInterval(() => {}, 1000);
    await new Promise((resolve) => source.once("end", resolve));
    clearInterval(alive);
    expect(Buffer.concat(seen).equals(Buffer.concat(chunks))).toBe(true);
    expect(rests).toBeGreaterThan(0);
  });
});

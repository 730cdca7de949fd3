import { Readable } from "node:stream";
import { expect, it } from "vitest";
import type { Progress } from "../sandbox.ts";
import { buildReader, followEngine, type LineReader, pullReader } from "./build-progress.ts";

async function follow(lines: readonly unknown[], read: LineReader) {
  const told: Progress[] = [];
  const text = lines.map((line) => `${typeof line === "string" ? line : JSON.stringify(line)}\r\n`);
  const outcome = await followEngine(Readable.from(text), read, (progress) => told.push(progress));
  return { outcome, percents: told.map((progress) => ("progress" in progress ? progress.progress : null)) };
}

it("reads a build's progress from its steps", async () => {
  const { outcome, percents } = await follow(
    [
      { stream: "Step 1/4 : FROM debian:bookworm-slim" },
      { stream: " ---> 193c7d735440\n" },
      "not json",
      { stream: "\n" },
      { stream: "Step 3/4 : RUN apt-get update" },
      { stream: "Get:1 packages\n" },
      { stream: "Successfully tagged it\n" },
    ],
    buildReader(),
  );
  expect(percents).toEqual([0, 50, 50, 50]);
  expect(outcome.error).toBeNull();
  expect(outcome.logTail).toContain("Successfully tagged it");
});

it("tells a build's error and its last lines", async () => {
  const { outcome } = await follow(
    [
      { stream: "E: no such package\n" },
      { error: "returned a non-zero code: 100", errorDetail: { code: 100 } },
    ],
    buildReader(),
  );
  expect(outcome).toEqual({ error: "returned a non-zero code: 100", logTail: "E: no such package" });
});

it("sums the bytes of a pull's layers, and tells a percentage once", async () => {
  const part = (id: string, current: number) => ({
    status: "Downloading",
    id,
    progressDetail: { current, total: 100 },
  });
  const { percents } = await follow(
    [
      { status: "Pulling from library/alpine", id: "3.20" },
      part("a", 50),
      part("b", 0),
      part("b", 0),
      { status: "Download complete", id: "a" },
      { status: "Extracting", id: "a", progressDetail: { current: 1, total: 100 } },
      { status: "Pull complete", id: "b" },
    ],
    pullReader("alpine:3.20"),
  );
  expect(percents).toEqual([50, 25, 50, 100]);
});

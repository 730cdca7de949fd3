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

const dockerfile =
  'FROM debian:bookworm-slim\n\nENV A=1 \\\n    B=2\nRUN apt-get update \\\n    && true\nCMD ["bash"]\n';

it("reads a build's progress from its steps and from the packages that it installs", async () => {
  const { outcome, percents } = await follow(
    [
      { stream: "Step 1/4 : FROM debian:bookworm-slim" },
      { stream: " ---> 193c7d735440\n" },
      "not json",
      { stream: "\n" },
      { stream: "Step 3/4 : RUN apt-get update" },
      { stream: "0 upgraded, 2 newly installed, 0 to remove and 0 not upgraded.\n" },
      { stream: "Get:1 http://deb.test a\n" },
      { stream: "Get:2 http://deb.test b\n" },
      { stream: "Unpacking a ...\n" },
      { stream: "Unpacking b ...\n" },
      { stream: "Setting up a ...\nSetting up b ...\n" },
      { stream: "Step 4/4 : CMD bash" },
      { stream: "Successfully tagged it\n" },
    ],
    buildReader(dockerfile),
  );
  expect(percents).toEqual(percents.toSorted((a, b) => (a ?? 0) - (b ?? 0)));
  expect(percents.at(0)).toBe(0);
  expect(percents).toContain(51);
  expect(percents.at(-1)).toBe(96);
  expect(outcome.error).toBeNull();
  expect(outcome.logTail).toContain("Successfully tagged it");
});

it("tells a build's error and its last lines", async () => {
  const { outcome } = await follow(
    [
      { stream: "E: no such package\n" },
      { error: "returned a non-zero code: 100", errorDetail: { code: 100 } },
    ],
    buildReader(dockerfile),
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

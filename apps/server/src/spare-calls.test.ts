import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ModelCall } from "@openhands/protocol";
import { createLayout } from "@openhands/store";
import { temporaryHome } from "@openhands/testing";
import { expect, it } from "vitest";
import { SpareCalls } from "./spare-calls.ts";

const spareCall = ModelCall.parse({
  usage_id: "probe",
  model: "openai/scripted",
  tokens: {
    prompt_tokens: 7,
    completion_tokens: 3,
    cache_read_tokens: 0,
    cache_write_tokens: 0,
    reasoning_tokens: 0,
  },
  cost: 0.5,
  price_source: "a test",
  first_token_ms: 1,
  total_ms: 2,
  ended_at: "2026-01-01T00:00:00.000Z",
});

it("sums what is counted; a document that can't be read is set aside and not lost", async () => {
  await using home = await temporaryHome();
  const { spareCallsFile } = createLayout(home.path);
  const spareCalls = new SpareCalls(createLayout(home.path));
  await Promise.all([spareCalls.count([spareCall, spareCall]), spareCalls.count([spareCall])]);
  expect(await spareCalls.sums()).toMatchObject([{ calls: 3, known_cost: 1.5 }]);
  await writeFile(spareCallsFile, '{"items": [{"torn');
  expect(await spareCalls.sums()).toEqual([]);
  await spareCalls.count([spareCall]);
  expect(await spareCalls.sums()).toMatchObject([{ calls: 1 }]);
  const aside = (await readdir(home.path)).find((name) => name.includes(".broken-")) ?? "none";
  expect(await readFile(join(home.path, aside), "utf8")).toContain("torn");
});

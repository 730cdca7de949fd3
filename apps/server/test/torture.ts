/**
 * Conversations with a model that misbehaves, on a server that is killed in the middle, with a person who stops, pauses,
 * interrupts, approves and talks at random. What must hold then is checked from outside.
 */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SeededRandom, startScriptedLlm, tortureModel } from "@openhands/testing";
import { actionFaults, logFaults, readRows, requestFaults } from "./torture-faults.ts";
import { type Life, TorturePerson } from "./torture-person.ts";
import { TorturePlace } from "./torture-place.ts";

const requestsEach = 10;
/** So many conversations go on at once: more would only wait for each other. */
const atOnce = 25;

/**
 * A second run that comes out well proves nothing: what one of them found must be mended. And it takes as long as the
 * machine lets it: what hangs is found by itself.
 */
export const tortureOptions = { retry: 0, timeout: 3_600_000 } as const;

/**
 * @returns what did not hold, with the seed and what tells how it came to that; empty when all did. The home is kept
 * unless all did, with the same in `faults.txt`: a run of hours tells it before it ends.
 */
export async function torture(seeds: readonly number[]): Promise<string[]> {
  const home = await mkdtemp(join(tmpdir(), "openhands-torture-"));
  const faults = await tortureIn(home, seeds);
  if (faults.length > 0) {
    await writeFile(join(home, "faults.txt"), `${faults.join("\n")}\n`);
    return [...faults, `the home of seeds ${seeds[0]} to ${seeds.at(-1)} is kept: ${home}`];
  }
  await rm(home, { recursive: true, force: true, maxRetries: 3 });
  return [];
}

async function tortureIn(home: string, seeds: readonly number[]): Promise<string[]> {
  const person = new TorturePerson(new SeededRandom(seeds[0] ?? 0));
  const model = tortureModel({ requests: requestsEach, onRequest: (seed) => person.sees(seed) });
  await using llm = await startScriptedLlm({ responder: model.respond });
  await using place = await TorturePlace.start(home, llm.url);
  const lives: Life[] = [];
  const left = seeds.values();
  const accompany = async (): Promise<void> => {
    // each takes the next seed when it is done with one
    for (const seed of left) lives.push(await person.accompany(seed, model));
  };
  person.looksAt(place);
  await Promise.all(Array.from({ length: atOnce }, accompany));
  await person.quiet();
  await place.server.stop();
  const checked = lives.map(async ({ seed, id, said, fault }) => {
    const rows = await readRows(home, id);
    const faults = [...logFaults(rows, said), ...requestFaults(llm, seed)];
    faults.push(...(await actionFaults(home, id, rows)));
    if (fault !== null) faults.push(fault);
    return faults.map((each) => `seed ${seed}: ${each}`);
  });
  return [...(await Promise.all(checked)).flat(), ...person.faults, ...place.faults];
}

/** Runs the checks of `openhands doctor`. */
import { readFile } from "node:fs/promises";
import { setTimeout as after } from "node:timers/promises";
import { Settings } from "@openhands/protocol";
import { createLayout } from "@openhands/store";
import type { Config } from "../config.ts";
import { createProviders } from "../sandboxes/providers.ts";
import { type Check, type DoctorContext, type Finding, problem } from "./check.ts";

/** Longer than each of the waits in the checks. */
const patienceSeconds = 10;

export interface NamedFinding extends Finding {
  readonly check: string;
}

/** All that was found, in the order of the registry. Changes nothing. */
export async function examine(config: Config): Promise<readonly NamedFinding[]> {
  // a server, which loads this file too, has no use for the checks
  const { checks } = await import("./registry.ts");
  const context = await contextOf(config);
  const found = await Promise.all(
    checks.map(async (check) => {
      const findings = await Promise.race([run(check, context), tooLate()]);
      return findings.map((finding) => ({ check: check.name, ...finding }));
    }),
  );
  return found.flat();
}

async function run(check: Check, context: DoctorContext): Promise<readonly Finding[]> {
  try {
    return await check.run(context);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return [problem(`The check itself failed: ${why}`, "Report this as a bug of OpenHands.")];
  }
}

const tooLate = async (): Promise<readonly Finding[]> =>
  await after(
    patienceSeconds * 1000,
    [
      problem(
        `No answer within ${patienceSeconds} s.`,
        "What is asked here hangs: start it anew, and look again.",
      ),
    ],
    { ref: false },
  );

async function contextOf(config: Config): Promise<DoctorContext> {
  const layout = createLayout(config.home);
  const providers = createProviders(config, layout);
  return {
    config,
    layout,
    settings: await readSettings(layout.settingsFile),
    provider: (kind) => {
      const provider = providers.find((candidate) => candidate.kind === kind);
      if (provider === undefined) throw new Error(`There is no provider of ${kind}.`);
      return provider;
    },
    user: process.getuid?.() ?? -1,
    nodeVersion: process.versions.node,
    fetch,
  };
}

/** Unlike the server it leaves a file that can't be used where it is. */
async function readSettings(path: string): Promise<Settings | null> {
  const text = await readFile(path, "utf8").catch(() => "{}");
  try {
    return Settings.safeParse(text.trim() === "" ? {} : JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}

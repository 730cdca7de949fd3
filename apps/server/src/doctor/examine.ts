/** Runs the checks of `openhands doctor`. */
import { readFile } from "node:fs/promises";
import { Settings } from "@openhands/protocol";
import { createLayout } from "@openhands/store";
import type { Config } from "../config.ts";
import { createProviders } from "../sandboxes/providers.ts";
import { type DoctorContext, type Finding, problem } from "./check.ts";

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
      const findings = await check
        .run(context)
        .catch((error: unknown) => [
          problem(
            `The check itself failed: ${error instanceof Error ? error.message : String(error)}`,
            "Report this as a bug of OpenHands.",
          ),
        ]);
      return findings.map((finding) => ({ check: check.name, ...finding }));
    }),
  );
  return found.flat();
}

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

import { parseArgs } from "node:util";
import type { NamedFinding } from "@openhands/server";
import type { Command } from "./command.ts";

const signs = { ok: "ok  ", note: "note", problem: "FAIL" } as const;

/** Exit code 1 where something will not work. */
export const doctor: Command = {
  name: "doctor",
  summary: "look at everything that OpenHands needs, say what is wrong and what to do (--json)",
  run: async (args, environment) => {
    const { values } = parseArgs({ args: [...args], options: { json: { type: "boolean" } }, strict: false });
    const { examine, readConfig } = await import("@openhands/server");
    const findings = await examine(
      readConfig(
        args.filter((word) => word !== "--json"),
        environment,
      ),
    );
    const healthy = findings.every(({ state }) => state !== "problem");
    process.stdout.write(
      values["json"] === true ? `${JSON.stringify({ ok: healthy, findings })}\n` : report(findings),
    );
    process.exitCode = healthy ? 0 : 1;
  },
};

function report(findings: readonly NamedFinding[]): string {
  const lines = findings.flatMap(({ check, state, message, fix }) => [
    `${signs[state]}  ${check.padEnd(10)}  ${message}`,
    ...(fix === null ? [] : [`${" ".repeat(18)}-> ${fix}`]),
  ]);
  return `${lines.join("\n")}\n`;
}

import { parseArgs } from "node:util";
import type { NamedFinding } from "@openhands/server";
import { leave, writeTo } from "../output.ts";
import type { Command } from "./command.ts";

const signs = { ok: "ok  ", note: "note", problem: "FAIL" } as const;

const usage = `openhands doctor [--json] [flags of start]

Looks at Node, home, disk, settings, vault, engine, image, port, model and the ways out of this machine, for a server
that would be started with these flags and this environment. What is wrong is told with what to do about it.
Exit code 0 where nothing is, else 1. With --json one object: {ok, findings: [{check, state, message, fix}]}.
`;

/** Exit code 1 where something will not work. */
export const doctor: Command = {
  name: "doctor",
  summary: "look at everything that OpenHands needs, say what is wrong and what to do (--json)",
  usage,
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
    writeTo(
      process.stdout,
      leave,
    )(values["json"] === true ? `${JSON.stringify({ ok: healthy, findings })}\n` : report(findings));
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

/** `openhands <command>`: finds the command and turns what it throws into one line and an exit code. */
import { AppError } from "@openhands/protocol";
import { commands } from "./commands/registry.ts";
import { leave, writeTo } from "./output.ts";

/** What a command that is done leaves open, a call to an engine that hangs, has this long to end. */
const leaveAfterMs = 1000;

const help: ReadonlySet<string | undefined> = new Set([undefined, "--help", "-h", "help"]);

const [name, ...args] = process.argv.slice(2);
const command = commands.find((candidate) => candidate.name === name);

if (command === undefined) {
  const list = commands.map((known) => `  openhands ${known.name.padEnd(8)} ${known.summary}`).join("\n");
  const asked = help.has(name);
  const write = writeTo(asked ? process.stdout : process.stderr, leave);
  write(`${asked ? "" : `There is no command '${name}'.\n`}${list}\n\nEach has --help.\n`);
  process.exitCode = asked ? 0 : 1;
} else if (command.usage !== null && (args.includes("--help") || args.includes("-h"))) {
  writeTo(process.stdout, leave)(command.usage);
} else {
  try {
    await command.run(args, process.env);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  }
  if (command.name !== "start") setTimeout(() => process.exit(), leaveAfterMs).unref();
}

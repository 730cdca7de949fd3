/** `openhands <command>`: finds the command and turns what it throws into one line and an exit code. */
import { AppError } from "@openhands/protocol";
import { commands } from "./commands/registry.ts";

const [name, ...args] = process.argv.slice(2);
const command = commands.find((candidate) => candidate.name === name);

if (command === undefined) {
  const list = commands.map((known) => `  openhands ${known.name.padEnd(8)} ${known.summary}`).join("\n");
  const asked = name === undefined || name === "--help" || name === "help";
  (asked ? process.stdout : process.stderr).write(
    `${asked ? "" : `There is no command '${name}'.\n`}${list}\n`,
  );
  process.exitCode = asked ? 0 : 1;
} else {
  try {
    await command.run(args, process.env);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  }
}

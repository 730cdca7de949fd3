/** What the model is told of a command, in the words of OpenHands' terminal tool, which models know. */

const help =
  "You may send an empty command to see more output, text or keys (`C-c`, `C-d`, `C-z`) with `is_input` set to true to interact with the process, or give the next command a larger `timeout`.";

/** Seconds as OpenHands prints a timeout: 2 is "2.0". */
const decimal = (seconds: number): string =>
  Number.isInteger(seconds) ? seconds.toFixed(1) : String(seconds);

export const messages = {
  completed: (exitCode: number, keySent: string | null): string =>
    `\n[The command completed with exit code ${exitCode}.${keySent ? ` CTRL+${keySent} was sent.` : ""}]`,

  noChange: (seconds: number): string =>
    `\n[The command has no new output after ${seconds} seconds. It is still running. ${help}]`,

  timedOut: (seconds: number): string =>
    `\n[The command timed out after ${decimal(seconds)} seconds. It is still running. ${help}]`,

  notExecuted: (command: string): string =>
    `\n[Your command "${command}" is NOT executed. The previous command is still running - You CANNOT send new commands until the previous command is completed. By setting \`is_input\` to \`true\`, you can interact with the current process: ${help}]`,

  shellLost: (exitCode: number | null, directory: string): string =>
    `\n[The shell itself has ended${exitCode === null ? "" : ` with exit code ${exitCode}`}. A new shell was started in ${directory}; variables, functions and options set in the old one are gone.]`,

  shellGone: (directory: string): string =>
    `[The shell had ended, or took no more commands. A new shell was started in ${directory}; variables, functions and options set in the old one are gone.]\n`,

  shellTakenOver: (name: string, directory: string): string =>
    `\n[The command has put another shell (${name}) in the place of this one, which waits at its prompt. It was ended, and a new shell was started in ${directory} with its exported variables; other variables, functions and options are gone.]`,

  shellReplaced: (directory: string): string =>
    `[The shell did not come back when the last command was stopped. A new shell was started in ${directory}; variables, functions and options set in the old one are gone.]\n`,

  madeRoom: (directory: string): string =>
    `[The sandbox had as many processes as it may have, so all of them were ended. A new shell was started in ${directory}; variables, functions and options set in the old one are gone.]\n`,

  memoryKill: (limitBytes: number | null): string => {
    const limit =
      limitBytes === null
        ? "the memory that it may use"
        : `its memory limit of ${Math.round(limitBytes / 1024 / 1024)} MB`;
    return `[The sandbox reached ${limit}, and the system killed a process in it. Everything else goes on.]`;
  },

  shellContinued: (directory: string, isFresh: boolean): string => {
    const what = isFresh
      ? "The sandbox is a fresh one: the workspace is as it was, but programs that ran, what was installed and files outside of the workspace are gone."
      : "OpenHands was restarted: the shell and all that ran in it have ended.";
    return `[${what} This is a new shell in ${directory}, with the exported variables of the last one; other variables, functions and options are gone.]\n`;
  },

  markerLost:
    "\n[The command has ended, but its exit code is not known: it has changed the prompt or the functions that tell it. Set `reset` to true for a fresh shell.]",

  notBegun: "\n[The shell did not take the command up: nothing of it was executed. Run it again.]",

  shellUseless: (directory: string): string =>
    `\n[A new shell was started in ${directory}; variables, functions and options set in the old one are gone.]`,

  inputNotSent: "\n[The command had ended before, so your input was not sent.]",

  previousOutput: "[Below is the output of the previous command.]\n",

  previousEnded: (exitCode: number, output: string): string =>
    `[The previous command has completed with exit code ${exitCode}.${output ? ` Its last output:]\n${output}\n[` : " "}Below is the output of this command.]\n`,

  previousNotBegun:
    "[The shell did not take the previous command up: nothing of it was executed. Below is the output of this command.]\n",

  background: (output: string): string =>
    `[Printed since the last command by what runs in the background:]\n${output}\n[Below is the output of this command.]\n`,

  truncated: (kept: { readonly first: number; readonly last: number }): string =>
    `[Previous command outputs are truncated. Showing the first ${kept.first} and the last ${kept.last} lines of the output below.]\n`,

  omitted: (bytes: number): string => `\n[... ${bytes} bytes of output were not kept ...]\n`,

  reset: (directory: string): string =>
    `The terminal was reset: a fresh shell was started in ${directory}. Variables, functions and running processes of the old one are gone.`,

  nothingToPoll: "No previous running command to retrieve logs from.",
  nothingToFeed: "No previous running command to interact with.",
  resetWithInput: "`reset` and `is_input` cannot be used together. Reset first, then run a command.",

  severalCommands: (commands: readonly string[]): string =>
    `Cannot execute multiple commands at once.\nPlease run each command separately OR chain them into a single command via && or ;\nProvided commands:\n${commands.map((command, index) => `(${index + 1}) ${command}`).join("\n")}`,

  toolArgument: (what: string): string =>
    `[Tool-argument error] \`command\` must be the command itself as plain text, but it is ${what}. Nothing was executed.`,
};

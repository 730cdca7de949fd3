/** `openhands run`: a task in one command, for a person at a terminal and for a script. */
import { setTimeout as after } from "node:timers/promises";
import { readRunArguments, readTask, type RunArguments, usage } from "../run/arguments.ts";
import { type Beginning, goOn, startAnew } from "../run/beginning.ts";
import { type ExitCode, exitCode } from "../run/ending.ts";
import { jsonPrinter } from "../run/json-printer.ts";
import { showsColours, writeTo } from "../output.ts";
import { type Cut, runTask } from "../run/run-task.ts";
import { listenForStops, type StopWishes } from "../run/stop-wishes.ts";
import { TextPrinter } from "../run/text-printer.ts";
import type { Command, Environment } from "./command.ts";

/** What is still open when it is known how a run ended has this long to come to its own end. */
const leaveAfterMs = 5000;

export const run: Command = {
  name: "run",
  summary: 'do one task and end: run -t "task" (--help lists the flags and exit codes)',
  usage,
  run: async (args, environment) => await perform(readRunArguments(args), environment),
};

async function perform(wanted: RunArguments, environment: Environment): Promise<void> {
  const stops = listenForStops(process, () => process.exit(exitCode.needsPerson));
  const cut = cutOf(wanted, stops);
  const write = writeTo(process.stdout, stops.outputGone);
  const say = writeTo(process.stderr, () => undefined);
  // Reading the task may take for ever as well.
  const task = await Promise.race([readTask(wanted.task, process.stdin), cut, stops.pause]);
  if (typeof task !== "string") {
    say(`${task?.sentence ?? "Stopped."} The task was not read to its end.\n`);
    process.exit(task?.code ?? exitCode.needsPerson);
  }
  void cut.then(({ code }) => leaveSoon(code));
  await runTask({
    begin: beginningOf(wanted, task),
    environment,
    printer: wanted.json
      ? jsonPrinter(write)
      : new TextPrinter({ write, colours: showsColours(process.stdout, environment), showsPerson: false }),
    say: (sentence) => say(`${sentence}\n`),
    pause: stops.pause,
    cut,
    ended: leaveSoon,
  });
  process.exit();
}

function beginningOf(wanted: RunArguments, task: string): Beginning {
  if (wanted.conversation !== undefined) return goOn(wanted.conversation, task);
  return startAnew({
    initial_message: { role: "user", content: task, run: true },
    llm_model: wanted.model,
    max_budget: wanted.budget,
    workspace: wanted.workspace === undefined ? undefined : { working_dir: wanted.workspace },
  });
}

async function cutOf({ timeout }: RunArguments, { stop }: StopWishes): Promise<Cut> {
  const stopped = stop.then((sentence) => ({ code: exitCode.needsPerson, sentence }));
  if (timeout === undefined) return await stopped;
  const sentence = `Stopped: the ${timeout} seconds of --timeout are over.`;
  return await Promise.race([
    stopped,
    after(timeout * 1000, { code: exitCode.timeout, sentence }, { ref: false }),
  ]);
}

/** Sees to it that the process ends with this code, also where something hangs. */
function leaveSoon(code: ExitCode): void {
  process.exitCode = code;
  setTimeout(() => process.exit(code), leaveAfterMs).unref();
}

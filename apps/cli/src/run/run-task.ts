/**
 * One task from its words to its end, on the server that runs on the home or on one of its own. Whatever hangs (a
 * server, a model, a sandbox that starts), a cut ends it.
 */
import { setTimeout as after } from "node:timers/promises";
import type { Environment } from "../commands/command.ts";
import { reachServer } from "../reach-server.ts";
import { told } from "../running-server.ts";
import type { Beginning } from "./beginning.ts";
import { type ExitCode, exitCode, exitCodeOf } from "./ending.ts";
import { FollowedRun } from "./followed-run.ts";
import type { Printer } from "./printer.ts";
import { summaryOf } from "./summary.ts";

/** Why a run is ended before its own end. */
export interface Cut {
  readonly code: ExitCode;
  readonly sentence: string;
}

export interface Task {
  readonly begin: Beginning;
  readonly environment: Environment;
  readonly printer: Printer;
  /** a sentence for the person, beside what is printed */
  readonly say: (sentence: string) => void;
  /** resolves when the run is to end after its current step */
  readonly pause: Promise<void>;
  /** resolves when the run is to end now */
  readonly cut: Promise<Cut>;
  /** called when it is known how the run ended, before everything is put away */
  readonly ended: (code: ExitCode) => void;
}

/** What a cut leaves a start, and then the run, to come to their own end. */
const graceMs = 3000;

/** @throws AppError for a home that can't be used, a request that does not fit, a server that is gone */
export async function runTask(task: Task): Promise<void> {
  const answered = Promise.withResolvers<void>();
  const beginning = begin(task, answered);
  const begun = await Promise.race([beginning, task.cut.then(async () => await after(graceMs, null))]);
  if (begun === null) {
    tellEnd(task, await task.cut);
    return;
  }
  await using _ = begun;
  const { client, id, run } = begun;
  void task.pause.then(async () => await pauseOrSay(task, begun));
  const end = await Promise.race([run.ended, task.cut]);
  if ("execution_status" in end) {
    const code = exitCodeOf(end) ?? exitCode.failed;
    tellEnd(task, { code, sentence: summaryOf(end, run.state.openActions.values()) });
    return;
  }
  await Promise.race([stopped(client.interrupt(id), run), after(graceMs)]);
  tellEnd(task, { ...end, sentence: `${end.sentence} (conversation ${id})` });
}

type Going = Awaited<ReturnType<typeof begin>>;

async function begin(task: Task, answered: PromiseWithResolvers<void>) {
  const server = await reachServer(task.environment, { reconcileAfter: answered.promise });
  const { client, WebSocket } = server;
  try {
    const { id, model, afterSeq } = await task.begin(client);
    task.say(`Conversation ${id}, model ${model}.`);
    const { say, printer } = task;
    const watched: Printer = {
      event: (event) => {
        if (event.source === "agent" && event.kind !== "SystemPromptEvent") answered.resolve();
        printer.event(event);
      },
      transient: (event) => printer.transient(event),
    };
    const options = { conversationId: id, afterSeq, printer: watched, onNotice: say };
    const run = new FollowedRun({ client, WebSocket, ...options });
    return {
      client,
      id,
      run,
      [Symbol.asyncDispose]: async () => {
        run[Symbol.dispose]();
        await server[Symbol.asyncDispose]();
      },
    };
  } catch (error) {
    await server[Symbol.asyncDispose]();
    throw error;
  }
}

async function pauseOrSay(task: Task, { client, id }: Going): Promise<void> {
  try {
    await told(client.pause(id));
    task.say("Pauses after this step. Ctrl-C once more stops it now.");
  } catch (error) {
    task.say(error instanceof Error ? error.message : String(error));
  }
}

/** Resolves also where the server does not answer any more: then there is nothing left to stop. */
async function stopped(interrupting: Promise<unknown>, run: FollowedRun): Promise<void> {
  await Promise.allSettled([interrupting, run.ended]);
}

function tellEnd(task: Task, { code, sentence }: Cut): void {
  task.say(sentence);
  task.ended(code);
}

/**
 * The terminal that the agent works with: one long-lived shell per conversation, with the semantics of OpenHands'
 * terminal tool. A command that outlasts a limit goes on running and is polled, fed or interrupted by later calls.
 */
import type { TerminalAction, TerminalObservation } from "@openhands/protocol";
import type { Helper } from "../helper/helper.ts";
import { quoted } from "../quoted.ts";
import { type Sandbox, SandboxError } from "../sandbox.ts";
import type { SandboxToolsOptions, Terminal, TerminalRunOptions } from "../tools.ts";
import { severalCommands, toolArgumentError } from "./check-command.ts";
import type { ClippedText } from "./clip-text.ts";
import { endCommand } from "./end-command.ts";
import { makingRoom } from "../make-room.ts";
import { MemoryWatch } from "./memory-watch.ts";
import { observation, refusal, type Report } from "./observation.ts";
import { OutputFeed } from "./output-feed.ts";
import { keptBack, readOutput } from "./read-output.ts";
import { commandProcesses, parseProcesses } from "./process-tree.ts";
import type { PromptingShell } from "./prompting-shell.ts";
import type { RunningCommand } from "./running-command.ts";
import { type Shell, startShell } from "./shell.ts";
import { ShellMemory } from "./shell-memory.ts";
import { typedInput } from "./terminal-keys.ts";
import { messages } from "./terminal-messages.ts";
import { waitForCommand, type WaitResult } from "./wait-for-command.ts";

export interface TerminalLimits {
  readonly startSeconds: number;
  /** what INT, TERM and KILL are given each when a command is ended; together they stay below 5 s */
  readonly endStepSeconds: number;
}

/** Characters that are shown of what was printed in the background between two commands. */
const longestBackground = 4000;

const defaultLimits: TerminalLimits = { startSeconds: 15, endStepSeconds: 0.8 };

/** Starts nothing until its first use. */
export function createTerminal(
  sandbox: Sandbox,
  helper: Helper,
  options: SandboxToolsOptions & Partial<TerminalLimits>,
): Terminal {
  const agentTerminal = new AgentTerminal(sandbox, helper, { ...defaultLimits, ...options });
  let last: Promise<unknown> = Promise.resolve();
  return {
    run(action, runOptions) {
      const turn = last.then(() => agentTerminal.run(action, runOptions));
      last = turn.catch(() => {});
      return turn;
    },
    close: () => agentTerminal.close(),
  };
}

class AgentTerminal {
  readonly #sandbox: Sandbox;
  readonly #helper: Helper;
  readonly #options: SandboxToolsOptions & TerminalLimits;
  readonly #memory: MemoryWatch;
  readonly #shellMemory: ShellMemory;
  #shell: Shell | null = null;
  #running: RunningCommand | null = null;
  #directory: string | null = null;
  /** what the next observation must tell first */
  #notice = "";

  constructor(sandbox: Sandbox, helper: Helper, options: SandboxToolsOptions & TerminalLimits) {
    this.#sandbox = sandbox;
    this.#helper = helper;
    this.#options = options;
    this.#memory = new MemoryWatch(helper);
    this.#shellMemory = new ShellMemory(helper, options);
  }

  async run(action: TerminalAction, options: TerminalRunOptions): Promise<TerminalObservation> {
    options.signal.throwIfAborted();
    const malformed = action.is_input ? null : toolArgumentError(action.command);
    if (malformed) return refusal(action, malformed);
    if (action.reset) return this.#reset(action, options);
    if (this.#running) return this.#interact(action, this.#running, options);
    if (action.is_input) return refusal(action, messages.nothingToFeed);
    if (action.command.trim() === "") return refusal(action, messages.nothingToPoll);
    return this.#execute(action, "", options);
  }

  async close(): Promise<void> {
    try {
      await this.#killShell();
    } catch (error) {
      // With the sandbox its processes have gone.
      if (!(error instanceof SandboxError)) throw error;
    }
  }

  async #execute(
    action: TerminalAction,
    before: string,
    options: TerminalRunOptions,
    isFirstTry = true,
  ): Promise<TerminalObservation> {
    const several = severalCommands(action.command);
    if (several) return refusal(action, messages.severalCommands(several));
    const shell = await this.#liveShell();
    options.signal.throwIfAborted();
    const { signal } = options;
    const running =
      (await shell.start(action.command, { signal, mustBeLaid: !isFirstTry })) ??
      (await this.#startWithRoom(action.command, signal));
    this.#running = running;
    this.#memory.begins();
    return this.#watch(action, running, { prefix: before, keySent: null, options, isFirstTry });
  }

  /** Where processes have taken up all the room there is, a fork bomb perhaps, they go first. */
  async #startWithRoom(command: string, signal: AbortSignal): Promise<RunningCommand> {
    await this.#sandbox.endProcesses();
    this.#shell = null;
    const shell = await this.#liveShell();
    this.#notice += messages.madeRoom(shell.directory);
    return (await shell.start(command, { signal, mustBeLaid: true })) ?? noRoom();
  }

  /** While a command runs, or has ended since it was last looked at. */
  async #interact(
    action: TerminalAction,
    command: RunningCommand,
    options: TerminalRunOptions,
  ): Promise<TerminalObservation> {
    const prefix = messages.previousOutput;
    if (action.command === "") return this.#watch(action, command, { prefix, keySent: null, options });
    if (action.is_input) {
      if (command.settled) {
        const last = await this.#watch(action, command, { prefix, keySent: null, options });
        const suffix = last.metadata.suffix + messages.inputNotSent;
        return { ...last, is_error: true, metadata: { ...last.metadata, suffix } };
      }
      const { bytes, control } = typedInput(action.command, command.wantsApplicationKeys);
      const shell = this.#shell;
      // Control-C in a terminal that waits takes away what it has not read yet: the line that begins the command.
      void command.begun.then(() => shell?.type(bytes));
      return this.#watch(action, command, { prefix, keySent: control, options });
    }
    if (!command.settled) {
      follow(command, options);
      const output = await this.#readSoFar(command);
      const suffix = messages.notExecuted(action.command);
      return observation(action, {
        output,
        prefix,
        suffix,
        exitCode: -1,
        isError: true,
        directory: this.#directory,
      });
    }
    if (command.settled.kind === "declined") {
      this.#running = null;
      return this.#execute(action, messages.previousNotBegun, options);
    }
    const last = await this.#watch(action, command, { prefix: "", keySent: null, options });
    const text = last.content.map((part) => (part.type === "text" ? part.text : "")).join("");
    return this.#execute(action, messages.previousEnded(last.exit_code, text), options);
  }

  /** Waits for `command` within the action's limits and tells what came of it. */
  async #watch(action: TerminalAction, command: RunningCommand, watch: Watch): Promise<TerminalObservation> {
    const timeoutSeconds = action.timeout ?? null;
    // A command with a time limit of its own may be silent for as long.
    const noChangeSeconds = timeoutSeconds === null ? this.#options.noChangeSeconds : null;
    follow(command, watch.options);
    let result: WaitResult;
    try {
      result = await waitForCommand(command, { noChangeSeconds, timeoutSeconds }, watch.options.signal);
    } catch (error) {
      await this.#end(command);
      throw error;
    }
    if (result.kind === "declined" && watch.isFirstTry) {
      this.#running = null;
      return this.#execute(action, watch.prefix + (await this.#printedBefore(command)), watch.options, false);
    }
    if (result.kind === "lost" && watch.isFirstTry && (await this.#wasNotBegun(command))) {
      // the shell had gone, or was on its way out, when the command came
      this.#running = null;
      this.#shell = null;
      const { directory } = await this.#liveShell();
      this.#notice += messages.shellGone(directory);
      return this.#execute(action, watch.prefix + (await this.#printedBefore(command)), watch.options, false);
    }
    const killedBefore = await this.#memory.lookBefore(command);
    if (killedBefore) this.#notice += `${killedBefore}\n`;
    const goesOn = result.kind === "silent" || result.kind === "timeout";
    const output = await (goesOn ? this.#readSoFar(command) : this.#readRest(command));
    const prefix = this.#notice + watch.prefix + (await this.#printedBefore(command));
    this.#notice = "";
    const outcome = await this.#conclude(command, result, watch.keySent, timeoutSeconds);
    const killed = await this.#memory.look();
    const suffix = outcome.suffix + (killed ? `\n${killed}` : "");
    return observation(action, { output, prefix, directory: this.#directory, ...outcome, suffix });
  }

  /** Whether the shell has not taken it up: nothing of it was run. Its marker alone does not tell, it may come too late. */
  async #wasNotBegun({ folder, nonce, hasBegun, wasTyped, wasLaid }: RunningCommand): Promise<boolean> {
    if (hasBegun) return false;
    if (!wasTyped) return true;
    const begun = quoted(`${folder}/begun`);
    // its file is emptied as it is taken up; where it came in the line, its nonce is written down
    const untouched = wasLaid
      ? `[ -s ${quoted(`${folder}/command`)} ]`
      : `[ -r ${begun} ] && [ "$(cat ${begun})" != ${nonce} ]`;
    return (await this.#helper.pipe(`${untouched} && printf yes`, "", { answerSeconds: 5 })) === "yes";
  }

  /** What was printed in the background before it began, told once. */
  async #printedBefore({ background }: RunningCommand): Promise<string> {
    const { redact, undecidedEnd = () => 0 } = this.#options;
    const printed = background.take((end) => keptBack(end, undecidedEnd));
    const { text } = await readOutput(printed, redact, longestBackground);
    return text === "" ? "" : messages.background(text);
  }

  /** Of a command that goes on: half a secret is not told yet. */
  #readSoFar({ output }: RunningCommand): Promise<ClippedText> {
    const { redact, undecidedEnd = () => 0 } = this.#options;
    return readOutput(
      output.take((end) => keptBack(end, undecidedEnd)),
      redact,
    );
  }

  #readRest({ output }: RunningCommand): Promise<ClippedText> {
    return readOutput(output.take(), this.#options.redact);
  }

  async #conclude(
    { folder, wasLaid }: RunningCommand,
    result: WaitResult,
    keySent: string | null,
    timeoutSeconds: number | null,
  ): Promise<Pick<Report, "suffix" | "exitCode" | "timedOut">> {
    switch (result.kind) {
      case "silent":
        return { suffix: messages.noChange(this.#options.noChangeSeconds), exitCode: -1 };
      case "timeout":
        return { suffix: messages.timedOut(timeoutSeconds ?? 0), exitCode: -1, timedOut: true };
      case "ended": {
        this.#running = null;
        this.#directory = result.end.workingDirectory;
        await this.#shellMemory.note(result.end, folder);
        const { exitCode } = result.end;
        if (exitCode === null) return { suffix: messages.markerLost, exitCode: -1 };
        return { suffix: messages.completed(exitCode, keySent), exitCode };
      }
      case "declined": {
        this.#running = null;
        if (!wasLaid) return { suffix: messages.notBegun, exitCode: -1 };
        await this.#killShell();
        const { directory } = await this.#liveShell();
        return { suffix: messages.notBegun + messages.shellUseless(directory), exitCode: -1 };
      }
      case "lost": {
        this.#running = null;
        this.#shell = null;
        const shell = await this.#liveShell();
        const { code } = result.exit;
        return { suffix: messages.shellLost(code, shell.directory), exitCode: code ?? -1 };
      }
      case "replaced": {
        this.#running = null;
        const { directory } = await this.#shellInPlaceOf(result.by);
        return { suffix: messages.shellTakenOver(result.by.name, directory), exitCode: 0 };
      }
    }
  }

  /** What runs in the background goes on, as it does where a shell ends. */
  async #shellInPlaceOf({ pid, directory, variables }: PromptingShell): Promise<Shell> {
    const shell = this.#shell;
    this.#shell = null;
    this.#directory = directory ?? this.#directory;
    await this.#helper.signal("KILL", [pid]);
    await shell?.kill();
    return this.#liveShell(variables);
  }

  /**
   * @param variables exported in one that must be started
   * @throws SandboxError when the sandbox is gone
   */
  async #liveShell(variables: PromptingShell["variables"] = {}): Promise<Shell> {
    if (this.#shell) return this.#shell;
    const { startSeconds } = this.#options;
    const earlier = await this.#shellMemory.recall();
    const starting = makingRoom(this.#sandbox, () =>
      startShell({
        sandbox: this.#sandbox,
        helper: this.#helper,
        directory: this.#directory ?? earlier?.directory ?? null,
        variables: earlier?.variables ?? variables,
        startSeconds,
        environment: this.#options.environment,
      }),
    );
    const ended = this.#sandbox.ended.then(({ reason, exitCode, logTail }) => {
      throw new SandboxError(reason, { exitCode, logTail });
    });
    this.#shell = await Promise.race([starting, ended]);
    this.#directory = this.#shell.directory;
    if (earlier) this.#notice += this.#shellMemory.takenOver(this.#directory);
    return this.#shell;
  }

  async #reset(action: TerminalAction, options: TerminalRunOptions): Promise<TerminalObservation> {
    if (action.is_input) return refusal(action, messages.resetWithInput);
    this.#running = null;
    await this.#killShell();
    this.#directory = null;
    this.#notice = "";
    this.#shellMemory.forget();
    const { directory } = await this.#liveShell();
    const text = messages.reset(directory);
    if (action.command.trim() !== "") return this.#execute(action, `[${text}]\n`, options);
    return observation(action, {
      output: { text, kept: null, omitted: 0 },
      prefix: "",
      suffix: "",
      exitCode: 0,
      directory,
    });
  }

  /** The shell, and all that still runs in its session. */
  async #killShell(): Promise<void> {
    const shell = this.#shell;
    this.#shell = null;
    if (!shell) return;
    await makingRoom(this.#sandbox, async () => {
      const rows = parseProcesses(await this.#helper.processes());
      const all = commandProcesses(rows, { shell: shell.pid, since: 0, known: new Set() });
      await this.#helper.signal(
        "KILL",
        all.map((row) => row.pid),
      );
    });
    await shell.kill();
  }

  /** Afterwards nothing of the command runs and the shell can be used. */
  async #end(command: RunningCommand): Promise<void> {
    const shell = this.#shell;
    this.#running = null;
    if (!shell) return;
    const { endStepSeconds: stepSeconds } = this.#options;
    const usable = await endCommand({ helper: this.#helper, shellPid: shell.pid, command, stepSeconds });
    if (command.settled?.kind === "ended") this.#directory = command.settled.end.workingDirectory;
    if (usable) return;
    const where = await this.#helper.pipe(`readlink /proc/${shell.pid}/cwd`, "", { answerSeconds: 5 });
    if (where.startsWith("/")) this.#directory = where.trimEnd();
    await this.#killShell();
    this.#notice = messages.shellReplaced(this.#directory ?? "the workspace");
  }
}

function follow(command: RunningCommand, { onOutput }: TerminalRunOptions): void {
  if (onOutput) command.output.follow(new OutputFeed(onOutput));
}

function noRoom(): never {
  throw new SandboxError("The sandbox has no room for another process: start it again.");
}

interface Watch {
  readonly prefix: string;
  /** the letter of a key with Control that was sent just before */
  readonly keySent: string | null;
  readonly options: TerminalRunOptions;
  /** the command was only just typed, into a shell that may have been ending */
  readonly isFirstTry?: boolean;
}

/**
 * The sandbox of one conversation: made when it is needed (or taken over from an earlier server, after its old
 * commands were ended), told of as it gets ready, made again after it was lost.
 * What matters is in the workspace and the log; a sandbox may go at any moment.
 */
import type { RuntimeKind, SandboxState } from "@openhands/protocol";
import {
  createSandboxTools,
  type Sandbox,
  SandboxError,
  type SandboxProvider,
  type SandboxSpec,
  type SandboxTools,
} from "@openhands/sandbox";
import type { Logger } from "../logger.ts";
import type { Runtimes } from "./runtimes.ts";

export interface SandboxKeeperOptions {
  readonly runtimes: Runtimes;
  readonly runtime: RuntimeKind;
  readonly spec: SandboxSpec;
  readonly noChangeSeconds: () => number;
  readonly onChange: () => void;
  readonly logger: Logger;
}

interface Running {
  readonly sandbox: Sandbox;
  readonly tools: SandboxTools;
}

export class SandboxKeeper {
  readonly #options: SandboxKeeperOptions;
  #state: SandboxState;
  #sandbox: Sandbox | null = null;
  #running: Promise<Running> | null = null;
  /** has the start that is going wait for its image no longer */
  #abandon: () => void = () => {};

  constructor(options: SandboxKeeperOptions) {
    this.#options = options;
    this.#state = { status: "none", runtime: options.runtime };
  }

  get state(): SandboxState {
    return this.#state;
  }

  /** The tools of a sandbox that is ready, started where there is none. @throws SandboxError */
  async tools(): Promise<SandboxTools> {
    this.#running ??= this.#hold(this.#start());
    return (await this.#running).tools;
  }

  /** A line for the log that people see of a container, where there is one. The caller has redacted it. */
  log(line: string): void {
    this.#sandbox?.log?.(line);
  }

  /** Begins to start, and lets `state` tell how it went. */
  async start(): Promise<void> {
    try {
      await this.tools();
    } catch (error) {
      if (!(error instanceof SandboxError)) throw error;
    }
  }

  async suspend(): Promise<void> {
    if (this.#running === null) return;
    const running = await this.#release();
    await running?.sandbox.suspend();
    this.#change({ status: "suspended" });
  }

  async remove(): Promise<void> {
    const running = await this.#release();
    if (running !== null) await running.sandbox.remove();
    else
      await this.#options.runtimes.provider(this.#options.runtime).remove(this.#options.spec.conversationId);
    this.#change({ status: "none" });
  }

  /** A start that failed is forgotten, so that the next need tries again. */
  #hold(starting: Promise<Running>): Promise<Running> {
    const held = starting.catch((error: unknown) => {
      this.#running = null;
      const failure =
        error instanceof SandboxError
          ? error
          : new SandboxError("The sandbox could not be started.", { cause: error });
      if (failure !== error) this.#options.logger.error({ err: error }, "sandbox start failed");
      this.#change({
        status: "error",
        message: failure.message,
        exit_code: failure.exitCode,
        log_tail: failure.logTail === "" ? null : failure.logTail,
      });
      throw failure;
    });
    return held;
  }

  async #start(): Promise<Running> {
    const { runtimes, runtime, spec } = this.#options;
    const abandoned = Promise.withResolvers<never>();
    abandoned.promise.catch(() => undefined);
    this.#abandon = () => abandoned.reject(new SandboxError("The sandbox is not needed any more."));
    this.#change({ status: "creating", message: "Creating the sandbox" });
    const provider = await runtimes.usable(runtime);
    const left = await provider.adopt(spec);
    if (left !== null) return this.#ready(left);
    await this.#prepare(provider, abandoned.promise);
    return this.#ready(await provider.create(spec, (progress) => this.#change(progress)));
  }

  /** Others may wait for the same image, so it is got ready also where this conversation no longer waits. */
  async #prepare(provider: SandboxProvider, abandoned: Promise<never>): Promise<void> {
    let waiting = true;
    const prepared = provider.prepare(this.#options.spec.image, (progress) => {
      if (waiting) this.#change(progress);
    });
    try {
      await Promise.race([prepared, abandoned]);
    } finally {
      waiting = false;
    }
  }

  #ready(sandbox: Sandbox): Running {
    const noChangeSeconds = this.#options.noChangeSeconds();
    this.#sandbox = sandbox;
    const running = { sandbox, tools: createSandboxTools(sandbox, { noChangeSeconds }) };
    this.#change({ status: "ready" });
    this.#watch(running).catch((error: unknown) => {
      this.#options.logger.error({ err: error }, "a sandbox that had ended could not be let go");
    });
    return running;
  }

  /** A sandbox that ended by another's hand is told of, and the next need makes a new one. */
  async #watch(running: Running): Promise<void> {
    const end = await running.sandbox.ended;
    if (this.#sandbox !== running.sandbox) return;
    this.#running = null;
    this.#sandbox = null;
    await running.tools.close();
    this.#change({
      status: "error",
      message: `${end.reason} The next command gets a fresh sandbox with the same workspace.`,
      exit_code: end.exitCode,
      log_tail: end.logTail === "" ? null : end.logTail,
    });
  }

  async #release(): Promise<Running | null> {
    const starting = this.#running;
    if (starting === null) return null;
    this.#abandon();
    try {
      const running = await starting;
      this.#running = null;
      this.#sandbox = null;
      await running.tools.close();
      return running;
    } catch (error) {
      if (!(error instanceof SandboxError)) throw error;
      return null;
    }
  }

  #change(state: Partial<SandboxState> & Pick<SandboxState, "status">): void {
    this.#state = { ...state, runtime: this.#options.runtime };
    this.#options.onChange();
  }
}

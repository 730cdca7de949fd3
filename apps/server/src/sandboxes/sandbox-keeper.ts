/**
 * The sandbox of one conversation: given a place among those that may run, made when it is needed (or taken over from
 * an earlier server, after its old commands were ended), told of as it gets ready, made again after it was lost, let go
 * when nobody needed it for a while.
 * What matters is in the workspace and the log; a sandbox may go at any moment.
 */
import type { ConversationId, RuntimeKind, SandboxState } from "@openhands/protocol";
import {
  createSandboxTools,
  type Sandbox,
  SandboxError,
  type SandboxSpec,
  type SandboxStats,
  type SandboxTools,
  type ShellStateKeeper,
} from "@openhands/sandbox";
import type { Clock } from "../clock.ts";
import type { Logger } from "../logger.ts";
import type { Admission, Holder, Place } from "./admission.ts";
import type { PortLooks } from "./port-looks.ts";
import { PortWatch } from "./port-watch.ts";
import { prepareImage } from "./prepare-image.ts";
import type { Runtimes } from "./runtimes.ts";

export interface SandboxKeeperOptions {
  readonly runtimes: Runtimes;
  readonly admission: Admission;
  readonly portLooks: PortLooks;
  readonly runtime: RuntimeKind;
  readonly conversationId: ConversationId;
  /** what it was shown as when its conversation left memory; null: there is none */
  readonly state: SandboxState | null;
  /** as it is to be made now: limits may change while there is none */
  readonly spec: () => SandboxSpec;
  readonly noChangeSeconds: () => number;
  readonly shellState: ShellStateKeeper;
  /** takes secrets out of what tools show */
  readonly redact: (text: string) => string;
  /** how many characters at the end of what a command that runs has printed may be the start of a secret */
  readonly undecidedEnd: (text: string) => number;
  /** what a command is given in its environment; must not reject */
  readonly environment: (command: string) => Promise<Record<string, string>>;
  /** idle for so long it goes, and the workspace stays; 0: never */
  readonly idleSuspendSeconds: () => number;
  /** whether the agent works, and so may need it at any moment */
  readonly busy: () => boolean;
  readonly onChange: () => void;
  /** whether anybody hears of what `onChange` tells */
  readonly isWatched: () => boolean;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** A sandbox that is ready, with the place that it has among those that may run. */
export interface HeldSandbox {
  readonly sandbox: Sandbox;
  readonly place: Place;
}

/** A sandbox of its own, or the one that an earlier server left. */
interface Made {
  readonly sandbox: Sandbox;
  readonly isFresh: boolean;
}

interface Running extends HeldSandbox {
  readonly tools: SandboxTools;
  readonly ports: PortWatch;
}

export class SandboxKeeper implements Holder {
  readonly #options: SandboxKeeperOptions;
  #state: SandboxState;
  #starting: Promise<Running> | null = null;
  #running: Running | null = null;
  /** ends the wait for a place or an image of the start that is going */
  #giveUp: AbortController | null = null;
  /** settles, never rejects, when the last sandbox that was let go has gone */
  #gone: Promise<unknown> = Promise.resolve();
  /** one that ended by another's hand stands there still, with what was installed in it, for the next need */
  #leftBehind = false;
  #users = 0;
  #usedAt: number;
  #callOffSuspend: () => void = () => {};
  /** why there is never one again */
  #closed: string | null = null;

  constructor(options: SandboxKeeperOptions) {
    this.#options = options;
    this.#usedAt = options.clock.now();
    this.#state = options.state ?? { status: "none", runtime: options.runtime };
  }

  get state(): SandboxState {
    return this.#state;
  }

  get idleSince(): number | null {
    const needed = this.#running === null || this.#users > 0 || this.#options.busy();
    return needed ? null : this.#usedAt;
  }

  /** There is none, and none is being started. */
  get isOut(): boolean {
    return this.#starting === null;
  }

  /** The tools of a sandbox that is ready, started where there is none. @throws SandboxError */
  async tools(): Promise<SandboxTools> {
    return (await this.#needed()).tools;
  }

  /** The sandbox itself, started where there is none. @throws SandboxError */
  async sandbox(): Promise<Sandbox> {
    return (await this.#needed()).sandbox;
  }

  /** null where there is none now */
  get running(): Sandbox | null {
    return this.#running?.sandbox ?? null;
  }

  /** TCP ports that are listened on in it; none where none runs. @throws SandboxError */
  async ports(): Promise<readonly number[]> {
    return (await this.#running?.ports.look()) ?? [];
  }

  async #needed(): Promise<Running> {
    if (this.#closed !== null) throw new SandboxError(this.#closed);
    this.#starting ??= this.#hold();
    const running = await this.#starting;
    this.rest();
    return running;
  }

  /** While the returned is not disposed of, the sandbox is not taken away for being idle. */
  use(): Disposable {
    this.#users += 1;
    let used = true;
    return {
      [Symbol.dispose]: () => {
        if (used) this.#users -= 1;
        used = false;
        this.rest();
      },
    };
  }

  /** Said when it may have become idle: from now on it counts as unused, until it is used again. */
  rest(): void {
    const { clock, admission } = this.#options;
    const idleSeconds = this.#options.idleSuspendSeconds();
    this.#usedAt = clock.now();
    this.#callOffSuspend();
    if (this.idleSince === null) return;
    if (idleSeconds > 0) {
      this.#callOffSuspend = clock.after(idleSeconds * 1000, () => {
        if (this.idleSince !== null) void this.makeRoom();
      });
    }
    admission.reconsider();
  }

  /** A wait in the line of those who want a place is of no use to a run that was stopped. */
  stopWaiting(): void {
    if (this.#state.status === "queued") this.#giveUp?.abort(notNeeded());
  }

  /** Takes over one that was made ahead, which is ready. */
  accept({ sandbox, place }: HeldSandbox): void {
    place.pass(this);
    this.#starting = Promise.resolve(this.#ready({ sandbox, isFresh: true, place }));
  }

  /** A line for the log that people see of a container, where there is one. The caller has redacted it. */
  log(line: string): void {
    this.#running?.sandbox.log?.(line);
  }

  /** null where there is none now */
  async stats(): Promise<SandboxStats | null> {
    return (await this.#running?.sandbox.stats()) ?? null;
  }

  /** Begins to start, and lets `state` tell how it went. */
  async start(): Promise<void> {
    try {
      await this.tools();
    } catch (error) {
      if (!(error instanceof SandboxError)) throw error;
    }
  }

  /** It goes, and the workspace stays. @throws SandboxError when it can't */
  async suspend(): Promise<void> {
    if (this.#starting === null) return void (await this.#gone);
    await this.#letGo(async (running) => await running.sandbox.suspend());
    this.#change({ status: "suspended" });
  }

  async makeRoom(): Promise<void> {
    try {
      await this.suspend();
    } catch (error) {
      this.#options.logger.warn({ err: error, ...this.#about }, "an idle sandbox could not be suspended");
    }
  }

  /** Like `suspend`, and none is ever started again: the server stops. */
  async close(): Promise<void> {
    this.#closed = "The server is stopping.";
    await this.suspend();
    const { runtimes, runtime, conversationId } = this.#options;
    if (this.#leftBehind) await runtimes.provider(runtime).remove(conversationId);
  }

  /** It goes with what belongs to it, and none is ever started again: the conversation is deleted. */
  async remove(): Promise<void> {
    this.#closed = "This conversation was deleted.";
    const { runtimes, runtime, conversationId } = this.#options;
    const held = await this.#letGo(async (running) => await running.sandbox.remove());
    if (!held) await runtimes.provider(runtime).remove(conversationId);
    this.#change({ status: "none" });
  }

  /** A start that failed is forgotten, so that the next need tries again. */
  #hold(): Promise<Running> {
    const giveUp = new AbortController();
    this.#giveUp = giveUp;
    const before = this.#state;
    const held: Promise<Running> = this.#start(giveUp.signal).catch((error: unknown) => {
      if (this.#starting === held) this.#starting = null;
      if (giveUp.signal.aborted) {
        this.#change(before);
        throw giveUp.signal.reason;
      }
      throw this.#failed(error);
    });
    return held;
  }

  #failed(error: unknown): SandboxError {
    const known = error instanceof SandboxError;
    const failure = known ? error : new SandboxError("The sandbox could not be started.", { cause: error });
    if (!known) this.#options.logger.error({ err: error, ...this.#about }, "sandbox start failed");
    this.#change({
      status: "error",
      message: failure.message,
      exit_code: failure.exitCode,
      log_tail: failure.logTail === "" ? null : failure.logTail,
    });
    return failure;
  }

  async #start(signal: AbortSignal): Promise<Running> {
    const { admission } = this.#options;
    await this.#gone;
    const place = await admission.enter(this, {
      signal,
      onPosition: (position) =>
        this.#change({
          status: "queued",
          position,
          message: `All ${admission.limit} sandboxes that may run at once are busy`,
        }),
    });
    try {
      return this.#ready({ ...(await this.#make(signal)), place });
    } catch (error) {
      place.leave();
      throw error;
    }
  }

  async #make(signal: AbortSignal): Promise<Made> {
    const { runtimes, runtime } = this.#options;
    const spec = this.#options.spec();
    this.#change({ status: "creating", message: "Creating the sandbox" });
    const provider = await runtimes.usable(runtime);
    const left = await provider.adopt(spec);
    if (left !== null) return { sandbox: left, isFresh: false };
    await prepareImage(provider, spec.image, { signal, onProgress: (progress) => this.#change(progress) });
    const sandbox = await provider.create(spec, (progress) => this.#change(progress));
    return { sandbox, isFresh: true };
  }

  #ready({ sandbox, isFresh, place }: Made & HeldSandbox): Running {
    const { shellState, environment, redact, undecidedEnd } = this.#options;
    const noChangeSeconds = this.#options.noChangeSeconds();
    const given = { redact, undecidedEnd, noChangeSeconds, shellState, isFresh, environment };
    const tools = createSandboxTools(sandbox, given);
    const ports = new PortWatch({
      ...this.#options,
      read: async () => await tools.ports(),
      onChange: (found) => this.#change({ ...this.#state, ports: [...found] }),
    });
    const running = { sandbox, place, tools, ports };
    this.#running = running;
    this.#leftBehind = false;
    this.#change({ status: "ready", limits: { ...sandbox.limits } });
    this.#watch(running).catch((error: unknown) => {
      this.#options.logger.error({ err: error }, "a sandbox that had ended could not be let go");
    });
    this.rest();
    return running;
  }

  /** A sandbox that ended by another's hand, or is of no use any more, is told of; the next need makes a new one. */
  async #watch(running: Running): Promise<void> {
    const { sandbox, tools } = running;
    const end = await Promise.race([sandbox.ended, tools.lost.then((lost) => ({ ...lost, stuck: true }))]);
    if (this.#running !== running) return;
    this.#starting = null;
    this.#leftBehind = true;
    this.#forgetRunning();
    this.#change({
      status: "error",
      message: `${end.reason} The next command gets a fresh sandbox with the same workspace.`,
      exit_code: end.exitCode,
      log_tail: end.logTail === "" ? null : end.logTail,
    });
    const closing = "stuck" in end ? sandbox.remove() : tools.close();
    this.#gone = closing.catch(() => undefined).then(() => running.place.leave());
    await closing;
  }

  #forgetRunning(): void {
    this.#callOffSuspend();
    this.#running?.ports.close();
    this.#running = null;
  }

  /** Whoever starts next waits until it has gone. @returns whether there was one */
  async #letGo(act: (running: Running) => Promise<void>): Promise<boolean> {
    const starting = this.#starting;
    this.#giveUp?.abort(notNeeded());
    const going = (async () => {
      const running = await starting?.catch(() => null);
      if (!running) return false;
      if (this.#running === running) this.#forgetRunning();
      try {
        await running.tools.close();
        await act(running);
      } finally {
        running.place.leave();
      }
      return true;
    })();
    this.#starting = null;
    this.#forgetRunning();
    this.#gone = going.catch(() => undefined);
    return await going;
  }

  get #about(): { readonly conversation: string } {
    return { conversation: this.#options.conversationId };
  }

  #change(state: Partial<SandboxState> & Pick<SandboxState, "status">): void {
    this.#state = { ...state, runtime: this.#options.runtime };
    this.#options.onChange();
  }
}

const notNeeded = (): SandboxError => new SandboxError("The sandbox is not needed any more.");

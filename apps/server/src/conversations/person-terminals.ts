/**
 * The shells that persons have open in sandboxes. One that nobody looks at any more is kept for a while, so that a page
 * that is loaded again, or a connection that was cut, finds it as it was; it ends with its sandbox.
 */
import { AppError } from "@openhands/protocol";
import {
  openPersonTerminal,
  type PersonTerminal,
  SandboxError,
  type TerminalDimensions,
  type Viewer,
} from "@openhands/sandbox";
import type { Clock } from "../clock.ts";
import { borrowSandbox } from "./borrow-sandbox.ts";
import type { Session } from "./session.ts";

const keptMilliseconds = 10 * 60_000;
/** of one conversation at once */
const mostTerminals = 8;

/** One shell, with who looks at it. */
export class KeptTerminal {
  readonly id = crypto.randomUUID();
  readonly terminal: PersonTerminal;
  readonly #session: Session;
  readonly #clock: Clock;
  #viewers = 0;
  #callOffEnd: () => void = () => {};

  constructor(terminal: PersonTerminal, session: Session, clock: Clock) {
    this.terminal = terminal;
    this.#session = session;
    this.#clock = clock;
  }

  /** While it is looked at, its sandbox is not taken for idle. @returns the way to leave */
  async attach(viewer: Viewer): Promise<() => void> {
    const use = this.#session.sandbox.use();
    this.#viewers += 1;
    this.#callOffEnd();
    const leave = await this.terminal.attach(viewer);
    return () => {
      leave();
      use[Symbol.dispose]();
      this.#viewers -= 1;
      if (this.#viewers === 0) this.#callOffEnd = this.#clock.after(keptMilliseconds, () => void this.#end());
    };
  }

  async #end(): Promise<void> {
    try {
      await this.terminal.close();
    } catch (error) {
      // with the sandbox it has gone, or goes
      if (!(error instanceof SandboxError)) throw error;
    }
  }
}

export class PersonTerminals {
  readonly #clock: Clock;
  readonly #opened = new WeakMap<Session, Set<Promise<KeptTerminal>>>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * The one of this id where it is still there, else a new one, in a sandbox that is started where there is none.
   * @throws AppError `too_many`; SandboxError
   */
  async open(session: Session, id: string | null, dimensions: TerminalDimensions): Promise<KeptTerminal> {
    const opened = this.#opened.get(session) ?? new Set();
    this.#opened.set(session, opened);
    const known = id === null ? null : await withId(opened, id);
    if (known !== null) return known;
    if (opened.size >= mostTerminals)
      throw new AppError(
        "too_many",
        `This conversation has ${mostTerminals} terminals open. Leave one of them with exit.`,
      );
    const fresh = this.#start(session, dimensions);
    opened.add(fresh);
    const forget = (): void => void opened.delete(fresh);
    void fresh.then(async ({ terminal }) => await terminal.ended).then(forget, forget);
    return await fresh;
  }

  async #start(session: Session, dimensions: TerminalDimensions): Promise<KeptTerminal> {
    using borrowed = await borrowSandbox(session);
    const terminal = await openPersonTerminal(borrowed.sandbox, dimensions);
    return new KeptTerminal(terminal, session, this.#clock);
  }
}

async function withId(opened: ReadonlySet<Promise<KeptTerminal>>, id: string): Promise<KeptTerminal | null> {
  const started = await Promise.allSettled(opened);
  const all = started.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
  return all.find((kept) => kept.id === id) ?? null;
}

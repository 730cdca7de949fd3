/**
 * A shell in the sandbox for the person. It goes on while nobody looks, and who comes back is shown the screen as it is:
 * its bytes are drawn as they come, with a thousand lines of what has scrolled off. What is drawn and shown goes step by
 * step, and the shell is read no faster than that, so nothing grows however much it prints.
 */
import type { ExitStatus, Sandbox, SandboxProcess } from "../sandbox.ts";
import { refuseEndlessSequences } from "../terminal/draw-output.ts";

export interface TerminalDimensions {
  readonly columns: number;
  readonly rows: number;
}

export interface Viewer {
  /** Resolves when more may come. Must not reject. */
  show(bytes: Uint8Array): Promise<void>;
}

export interface PersonTerminal {
  /** Resolves when all that it printed was shown. */
  readonly ended: Promise<ExitStatus>;
  /** Shows the screen as it is, then what comes. @returns the way to leave */
  attach(viewer: Viewer): Promise<() => void>;
  /** What is typed, in order with changes of size. Resolves when it was taken, or nobody is there to take it. */
  write(bytes: Uint8Array): Promise<void>;
  resize(dimensions: TerminalDimensions): Promise<void>;
  close(): Promise<void>;
}

const scrolledLines = 1000;
const start = "command -v bash >/dev/null 2>&1 && exec bash -i; exec sh -i";

/** @throws SandboxError */
export async function openPersonTerminal(
  sandbox: Sandbox,
  dimensions: TerminalDimensions,
): Promise<PersonTerminal> {
  const process = await sandbox.spawn(["sh", "-c", start], {
    tty: dimensions,
    env: { TERM: "xterm-256color" },
  });
  process.stdin.on("error", () => undefined);
  process.stderr.resume();
  const screen = await openScreen(dimensions);
  const viewers = new Set<Viewer>();
  const inTurn = createTurns();
  let resized: Promise<unknown> = Promise.resolve();
  const show = async (chunk: Buffer): Promise<void> => {
    await screen.draw(chunk);
    await Promise.all([...viewers].map(async (viewer) => await viewer.show(chunk)));
  };
  return {
    ended: showAll(process, (chunk) => inTurn(async () => await show(chunk))),
    attach: (viewer) =>
      inTurn(async () => {
        await viewer.show(Buffer.from(screen.restored()));
        viewers.add(viewer);
        return () => void viewers.delete(viewer);
      }),
    async write(bytes) {
      await resized;
      await new Promise<void>((resolve) => process.stdin.write(bytes, () => resolve()));
    },
    async resize(wanted) {
      screen.resize(wanted);
      const change = process.resize(wanted.columns, wanted.rows);
      // what is typed behind it finds the new size
      resized = Promise.allSettled([resized, change]);
      await change;
    },
    close: async () => await process.kill("SIGKILL"),
  };
}

async function showAll(process: SandboxProcess, show: (chunk: Buffer) => Promise<void>): Promise<ExitStatus> {
  for await (const chunk of process.stdout) await show(chunk as Buffer);
  return await process.exit;
}

/** One piece of work after the other. */
function createTurns(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const turn = last.then(work);
    last = turn.catch(() => undefined);
    return turn;
  };
}

interface Screen {
  draw(bytes: Uint8Array): Promise<void>;
  /** bytes that make the same screen of an empty one */
  restored(): string;
  resize(dimensions: TerminalDimensions): void;
}

/** Loaded late: most conversations never need it. */
async function openScreen({ columns, rows }: TerminalDimensions): Promise<Screen> {
  const { Terminal } = (await import("@xterm/headless")).default;
  const { SerializeAddon } = (await import("@xterm/addon-serialize")).default;
  const terminal = new Terminal({
    cols: columns,
    rows,
    scrollback: scrolledLines,
    allowProposedApi: true,
    logLevel: "off",
  });
  refuseEndlessSequences(terminal);
  const serializer = new SerializeAddon();
  terminal.loadAddon(serializer);
  return {
    draw: async (bytes) => await new Promise((resolve) => terminal.write(bytes, resolve)),
    restored: () => serializer.serialize(),
    resize: (wanted) => terminal.resize(wanted.columns, wanted.rows),
  };
}

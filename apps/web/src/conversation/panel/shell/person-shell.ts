/**
 * A shell of the person's own: the drawn terminal and its connection. Lives outside React. What is lost on the way comes
 * back: the server keeps the shell for a while, and draws its screen again.
 */
import { type Client, connectTerminal, type TerminalConnection } from "@openhands/client";
import { socketClose } from "@openhands/protocol";
import { FitAddon } from "@xterm/addon-fit";
import { type ITheme, Terminal } from "@xterm/xterm";
import { createStore, type StoreApi } from "zustand/vanilla";

export type ShellState =
  | { readonly name: "connecting" | "open" | "lost" | "ended" }
  | { readonly name: "failed"; readonly detail: string };

/** Which shell this browser had last. */
export interface ShellMemory {
  read(): string | undefined;
  write(session: string): void;
}

export interface PersonShellOptions {
  readonly client: Client;
  readonly conversationId: string;
  /** is drawn into, and gives size, colours and font */
  readonly element: HTMLElement;
  readonly memory: ShellMemory;
}

export interface PersonShell {
  readonly state: StoreApi<ShellState>;
  /** Connects again: to the same shell while it is kept, else to a new one. */
  connect(): void;
  /** Takes size and colours from the element anew. */
  refresh(): void;
  focus(): void;
  /** The shell itself is kept by the server for a while. */
  dispose(): void;
}

/** Milliseconds between two tries to come back. */
const retryAfter = 2_000;
/** Closes that another try does not mend, with what to do. */
const finalCloses: ReadonlyMap<number, string> = new Map([
  [socketClose.access, "This browser is not signed in any more. Load the page again."],
  [socketClose.unknown, "This conversation is not there any more."],
]);

export function openPersonShell(options: PersonShellOptions): PersonShell {
  return new Shell(options);
}

class Shell implements PersonShell {
  readonly state = createStore<ShellState>(() => ({ name: "connecting" }));
  readonly #options: PersonShellOptions;
  readonly #terminal: Terminal;
  readonly #fit = new FitAddon();
  #connection: TerminalConnection | null = null;
  /** rises with every connection, so that what an earlier one says is passed over */
  #turn = 0;
  #retry: ReturnType<typeof setTimeout> | null = null;

  constructor(options: PersonShellOptions) {
    this.#options = options;
    const style = getComputedStyle(options.element);
    this.#terminal = new Terminal({
      fontFamily: style.fontFamily,
      fontSize: Number.parseFloat(style.fontSize),
      lineHeight: 1.25,
      cursorBlink: false,
      scrollback: 5_000,
      // the sixteen colours are those of the programs; on a light ground many could not be read
      minimumContrastRatio: 4.5,
      theme: themeOf(options.element),
    });
    this.#terminal.loadAddon(this.#fit);
    this.#terminal.open(options.element);
    this.#terminal.onData((data) => this.#connection?.write(data));
    this.#terminal.onBinary((data) =>
      this.#connection?.write(Uint8Array.from(data, (character) => character.charCodeAt(0))),
    );
    this.#terminal.onResize(({ cols, rows }) => this.#connection?.resize(cols, rows));
    this.refresh();
    this.connect();
  }

  connect(): void {
    this.#leave();
    const turn = this.#turn;
    const current =
      <Args extends unknown[]>(act: (...args: Args) => void) =>
      (...args: Args): void => {
        if (turn === this.#turn) act(...args);
      };
    const { client, conversationId, memory } = this.#options;
    const { cols, rows } = this.#terminal;
    let refused: string | null = null;
    if (this.state.getState().name !== "lost") this.state.setState({ name: "connecting" }, true);
    this.#connection = connectTerminal({
      client,
      conversationId,
      columns: cols,
      rows,
      session: memory.read(),
      onBytes: current((bytes) => this.#terminal.write(bytes)),
      onNotice: current((notice) => {
        if (notice.type === "error") refused = notice.detail;
        if (notice.type !== "session") return;
        memory.write(notice.session);
        this.#terminal.reset();
        this.state.setState({ name: "open" }, true);
      }),
      onClose: current((code) => this.#closed(code, refused)),
    });
  }

  refresh(): void {
    this.#terminal.options.theme = themeOf(this.#options.element);
    // a tab that is not shown has no size
    if (this.#options.element.clientWidth > 0) this.#fit.fit();
  }

  focus(): void {
    this.#terminal.focus();
  }

  dispose(): void {
    this.#leave();
    this.#terminal.dispose();
  }

  #closed(code: number, refused: string | null): void {
    const detail = refused ?? finalCloses.get(code);
    if (detail !== undefined) return this.state.setState({ name: "failed", detail }, true);
    if (code === 1000) return this.state.setState({ name: "ended" }, true);
    this.state.setState({ name: "lost" }, true);
    this.#retry = setTimeout(() => this.connect(), retryAfter);
  }

  #leave(): void {
    this.#turn += 1;
    if (this.#retry !== null) clearTimeout(this.#retry);
    this.#retry = null;
    this.#connection?.close();
    this.#connection = null;
  }
}

/** The element's own colours. */
function themeOf(element: HTMLElement): ITheme {
  const { color, backgroundColor, caretColor } = getComputedStyle(element);
  return {
    background: backgroundColor,
    foreground: color,
    cursor: caretColor,
    selectionBackground: "rgba(160, 140, 80, 0.4)",
  };
}

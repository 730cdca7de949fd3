/**
 * What a command has printed since it was last looked at: bounded, however much it prints. The first and the last
 * bytes are kept; what lies between is counted. Some bytes already shown stay as context, because a progress bar goes
 * on in the line that was shown. Who wants it all follows it while it comes.
 */
import { ByteWindow } from "./byte-window.ts";
import type { OutputFeed } from "./output-feed.ts";
import { messages } from "./terminal-messages.ts";

export interface Captured {
  /** already shown, kept as context */
  readonly shown: Buffer;
  readonly head: Buffer;
  /** empty where nothing was left out: then all is in `head` */
  readonly tail: Buffer;
  /** bytes left out between head and tail */
  readonly omitted: number;
}

export interface CaptureLimits {
  readonly headBytes: number;
  readonly tailBytes: number;
  readonly contextBytes: number;
}

export const defaultCaptureLimits: CaptureLimits = {
  headBytes: 2 << 20,
  tailBytes: 2 << 20,
  contextBytes: 64 << 10,
};

export class OutputCapture {
  readonly #limits: CaptureLimits;
  readonly #head: ByteWindow;
  readonly #tail: ByteWindow;
  #shown: Buffer = Buffer.alloc(0);
  #omitted = 0;
  #feed: OutputFeed | null = null;

  constructor(limits: CaptureLimits = defaultCaptureLimits) {
    this.#limits = limits;
    this.#head = new ByteWindow(limits.headBytes);
    this.#tail = new ByteWindow(limits.tailBytes);
  }

  /** Gives `feed` what is held, and what comes until it is taken. */
  follow(feed: OutputFeed): void {
    this.#feed = feed;
    const hole = this.#omitted === 0 ? [] : [Buffer.from(messages.omitted(this.#omitted))];
    for (const piece of [this.#head.copy(), ...hole, this.#tail.copy()]) feed.push(piece);
  }

  push(bytes: Buffer): void {
    this.#feed?.push(bytes);
    const room = this.#limits.headBytes - this.#head.length;
    if (room > 0) this.#head.push(bytes.subarray(0, room));
    if (bytes.length > room) this.#omitted += this.#tail.push(bytes.subarray(room));
  }

  /**
   * What came since the last call. Starts anew with the end of it as context.
   * @param undecided how many bytes at the end of these are not to be given yet: they come first in the next call
   */
  take(undecided: (end: Buffer) => number = () => 0): Captured {
    const all = this.#captured();
    this.#feed?.end(all.tail);
    this.#feed = null;
    const [captured, kept] = withoutEnd(all, undecided);
    this.#shown = this.#context(captured);
    this.#omitted = 0;
    this.#head.push(kept);
    return captured;
  }

  #captured(): Captured {
    const head = this.#head.take();
    const tail = this.#tail.take();
    if (this.#omitted === 0) {
      return { shown: this.#shown, head: Buffer.concat([head, tail]), tail: Buffer.alloc(0), omitted: 0 };
    }
    // Whole lines only, where there are lines: half a line, or half a sequence, would be drawn wrongly.
    const wholeHead = head.subarray(0, head.lastIndexOf(0x0a) + 1 || head.length);
    const wholeTail = tail.subarray(tail.indexOf(0x0a) + 1);
    const cut = head.length - wholeHead.length + (tail.length - wholeTail.length);
    return { shown: this.#shown, head: wholeHead, tail: wholeTail, omitted: this.#omitted + cut };
  }

  /** Whole lines at the end of what is shown now, at most `contextBytes`. */
  #context({ shown, head, tail, omitted }: Captured): Buffer {
    const bytes = omitted === 0 ? Buffer.concat([shown, head]) : tail;
    if (bytes.length <= this.#limits.contextBytes) return bytes;
    const end = bytes.subarray(-this.#limits.contextBytes);
    return Buffer.from(end.subarray(end.indexOf(0x0a) + 1));
  }
}

/** Bytes that are looked at: no secret, in whichever of its forms, is taken for longer. */
const longestUndecided = 64 << 10;

function withoutEnd(captured: Captured, undecided: (end: Buffer) => number): readonly [Captured, Buffer] {
  const part = captured.omitted === 0 ? "head" : "tail";
  const bytes = captured[part];
  const decided = bytes.length - undecided(bytes.subarray(-longestUndecided));
  return [{ ...captured, [part]: bytes.subarray(0, decided) }, bytes.subarray(decided)];
}

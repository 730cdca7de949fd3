/**
 * What a command prints, passed on as text while it arrives: colours, cursor movements and control characters left out,
 * every state of a line that is written over on a line of its own. Bounded: past a limit nothing is passed on until the
 * end, which then follows as it was kept.
 */
import { StringDecoder } from "node:string_decoder";
import { messages } from "./terminal-messages.ts";

/** Bytes passed on as they come: with the tail that the capture keeps, 64 MB. */
const longestHead = 62 << 20;

/** What is left of a sequence that a chunk cut off; longer ones are passed on as they are. */
const longestSequence = 4096;

const sequences = new RegExp(
  [
    String.raw`\x1b\[[0-?]*[ -/]*[@-~]`,
    String.raw`\x1b[\]PX^_][^\x07\x1b]*(?:\x07|\x1b\\)`,
    String.raw`\x1b[ -/]*[0-Z\\\x60-~]`,
    String.raw`[\x00-\x08\x0b\x0c\x0e-\x1a\x1c-\x1f\x7f]`,
  ].join("|"),
  "g",
);

/** A sequence, or a line end, that the next chunk may complete. */
const unfinished = new RegExp(String.raw`(?:\x1b(?:\[[0-?]*[ -/]*|[\]PX^_][^\x07\x1b]*\x1b?|[ -/]*)|\r+)$`);

export class OutputFeed {
  readonly #sink: (text: string) => void;
  readonly #longest: number;
  readonly #decoder = new StringDecoder("utf8");
  #held = "";
  #passed = 0;
  #left = 0;

  constructor(sink: (text: string) => void, longest = longestHead) {
    this.#sink = sink;
    this.#longest = longest;
  }

  push(bytes: Buffer): void {
    const part = bytes.subarray(0, Math.max(0, this.#longest - this.#passed));
    this.#passed += part.length;
    this.#left += bytes.length - part.length;
    if (part.length > 0) this.#pass(this.#decoder.write(part));
  }

  /** @param tail the last bytes of all that was pushed */
  end(tail: Buffer): void {
    this.#pass(this.#decoder.end());
    this.#flush();
    if (this.#left === 0) return;
    const rest = tail.subarray(-this.#left);
    if (this.#left > rest.length) this.#sink(messages.omitted(this.#left - rest.length));
    this.#pass(rest.toString());
    this.#flush();
  }

  #pass(text: string): void {
    const all = this.#held + text;
    const cut = unfinished.exec(all.slice(-longestSequence))?.[0].length ?? 0;
    this.#held = all.slice(all.length - cut);
    this.#give(all.slice(0, all.length - cut));
  }

  #flush(): void {
    const rest = this.#held;
    this.#held = "";
    this.#give(rest);
  }

  #give(raw: string): void {
    const text = raw.replaceAll(sequences, "").replaceAll(/\r+\n?/g, "\n");
    if (text !== "") this.#sink(text);
  }
}

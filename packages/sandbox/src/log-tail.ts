/** Keeps the last lines of a stream of text. */
const longestLine = 2000;

export class LogTail {
  readonly #limit: number;
  #lines: string[] = [""];

  /** @param limit lines to keep */
  constructor(limit = 50) {
    this.#limit = limit;
  }

  add(text: string): void {
    const [first = "", ...more] = text.split("\n");
    const last = this.#lines.pop() ?? "";
    this.#lines = [...this.#lines, (last + first).slice(0, longestLine), ...more].slice(-this.#limit - 1);
  }

  toString(): string {
    return this.#lines.join("\n").trim().split("\n").slice(-this.#limit).join("\n");
  }
}

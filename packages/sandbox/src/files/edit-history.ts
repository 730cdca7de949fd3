/** What files were before the last edits, in memory: enough to take an edit back, not a version control. */

interface Edit {
  readonly before: Buffer;
  readonly after: Buffer;
}

const editsPerFile = 10;

export class EditHistory {
  readonly #edits = new Map<string, Edit[]>();

  record(path: string, edit: Edit): void {
    const edits = [...(this.#edits.get(path) ?? []), edit];
    this.#edits.set(path, edits.slice(-editsPerFile));
  }

  last(path: string): Edit | null {
    return this.#edits.get(path)?.at(-1) ?? null;
  }

  forgetLast(path: string): void {
    this.#edits.get(path)?.pop();
  }
}

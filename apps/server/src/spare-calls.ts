/**
 * The ledger of model calls that belong to no conversation (tries of a model in the settings), as sums: a small document
 * of the home.
 */
import { addUsage, type ModelCall, sumOf, UsageReport, type UsageSum } from "@openhands/protocol";
import {
  createInOrder,
  type Layout,
  parseJson,
  readDocument,
  setAside,
  writeDocument,
} from "@openhands/store";

export class SpareCalls {
  readonly #path: string;
  readonly #inOrder = createInOrder();

  constructor(layout: Layout) {
    this.#path = layout.spareCallsFile;
  }

  async sums(): Promise<readonly UsageSum[]> {
    return (await this.#read()) ?? [];
  }

  /** Resolves once they are on disk. @throws AppError `disk_full` */
  async count(calls: readonly ModelCall[]): Promise<void> {
    if (calls.length === 0) return;
    await this.#inOrder(async () => {
      const before = await this.#read();
      if (before === null) await setAside(this.#path, Date.now());
      const items = calls.map(sumOf).reduce(addUsage, [...(before ?? [])]);
      await writeDocument(this.#path, `${JSON.stringify({ items }, null, 2)}\n`);
    });
  }
  /** null for a document that can't be read */
  async #read(): Promise<readonly UsageSum[] | null> {
    const text = await readDocument(this.#path);
    if (text === null) return [];
    return UsageReport.safeParse(parseJson(text)).data?.items ?? null;
  }
}

/**
 * The ledger of model calls that belong to no conversation (tries of a model in the settings), as sums: a small document
 * of the home.
 */
import { addUsage, type ModelCall, sumOf, UsageReport, type UsageSum } from "@openhands/protocol";
import { createInOrder, type Layout, parseJson, readDocument, writeDocument } from "@openhands/store";

export class SpareCalls {
  readonly #path: string;
  readonly #inOrder = createInOrder();

  constructor(layout: Layout) {
    this.#path = layout.spareCallsFile;
  }

  async sums(): Promise<readonly UsageSum[]> {
    const kept = UsageReport.safeParse(parseJson((await readDocument(this.#path)) ?? ""));
    return kept.success ? kept.data.items : [];
  }

  /** Resolves once they are on disk. @throws AppError `disk_full` */
  async count(calls: readonly ModelCall[]): Promise<void> {
    if (calls.length === 0) return;
    await this.#inOrder(async () => {
      const items = calls.map(sumOf).reduce(addUsage, [...(await this.sums())]);
      await writeDocument(this.#path, `${JSON.stringify({ items }, null, 2)}\n`);
    });
  }
}

/**
 * Which ids were used for sandboxes made ahead, as empty files on disk: so that after a `kill -9` the next server knows
 * which workspaces no conversation will ever have.
 */
import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ConversationId } from "@openhands/protocol";

export class PoolMarks {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async add(id: ConversationId): Promise<void> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    await writeFile(join(this.#folder, id), "", { mode: 0o600 });
  }

  /** One that is not there is no error. */
  async remove(id: ConversationId): Promise<void> {
    await rm(join(this.#folder, id), { force: true });
  }

  async list(): Promise<ConversationId[]> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    const names = await readdir(this.#folder);
    return names.flatMap((name) => ConversationId.safeParse(name).data ?? []);
  }
}

/**
 * Whole texts of outputs that are too long for their events: `observations/<action id>.txt`, one per call. A file is
 * made once an output has outgrown what an event carries, and grows while the output arrives; secrets are taken out
 * before, also where a piece ends within one.
 */
import { createHash } from "node:crypto";
import { closeSync, createReadStream, mkdirSync, openSync, rmSync, writeSync } from "node:fs";
import { open, stat } from "node:fs/promises";
import { join } from "node:path";
import { diskFailure, errorCode, isDiskFailure } from "./disk-failure.ts";
import { syncFolder } from "./documents.ts";
import type { OutputFile, OutputStore, Redactor } from "./store.ts";

/** Characters held in memory before there is a file: what an event carries itself. */
const heldCharacters = 30_000;

/** @param folder made when the first output is kept */
export function createOutputStore(folder: string, redactor: Redactor): OutputStore {
  const pathOf = (actionId: string): string => join(folder, `${fileName(actionId)}.txt`);
  return {
    begin: (actionId) => new GrowingOutput({ folder, path: pathOf(actionId) }, redactor),
    async find(actionId) {
      const path = pathOf(actionId);
      try {
        const { size } = await stat(path);
        return { bytes: size, read: () => createReadStream(path, { end: Math.max(0, size - 1) }) };
      } catch (error) {
        if (errorCode(error) === "ENOENT") return null;
        throw error;
      }
    },
  };
}

/** Ids of ours are names as they are; one that was imported may hold anything. */
function fileName(id: string): string {
  return /^[\w-]{1,64}$/.test(id) ? id : createHash("sha256").update(id).digest("hex");
}

class GrowingOutput implements OutputFile {
  readonly #place: { readonly folder: string; readonly path: string };
  readonly #filter: ReturnType<Redactor["stream"]>;
  #held = "";
  #descriptor: number | null = null;
  #bytes = 0;
  /** why nothing is written any more */
  #failure: unknown = null;

  constructor(place: { readonly folder: string; readonly path: string }, redactor: Redactor) {
    this.#place = place;
    this.#filter = redactor.stream();
  }

  write(text: string): void {
    this.#take(this.#filter.push(text));
  }

  async keep(): Promise<number | null> {
    this.#take(this.#filter.end());
    this.#spill();
    const descriptor = this.#descriptor;
    this.#descriptor = null;
    if (descriptor !== null) closeSync(descriptor);
    try {
      if (this.#failure !== null) throw diskFailure(this.#failure);
      await makeDurable(this.#place);
      return this.#bytes;
    } catch (error) {
      this.discard();
      if (isDiskFailure(error)) return null;
      throw error;
    }
  }

  close(): void {
    if (this.#descriptor === null) return this.discard();
    this.#take(this.#filter.end());
    closeSync(this.#descriptor);
    this.#descriptor = null;
  }

  discard(): void {
    if (this.#descriptor !== null) closeSync(this.#descriptor);
    if (this.#descriptor !== null || this.#bytes > 0) rmSync(this.#place.path, { force: true });
    this.#descriptor = null;
    this.#held = "";
  }

  #take(text: string): void {
    this.#held += text;
    if (this.#held.length > (this.#descriptor === null ? heldCharacters : 0)) this.#spill();
  }

  /** At once, not queued: a program that prints faster than the disk writes must not fill the memory. */
  #spill(): void {
    const bytes = Buffer.from(this.#held);
    this.#held = "";
    if (this.#failure !== null) return;
    try {
      this.#descriptor ??= this.#open();
      for (let done = 0; done < bytes.length;) done += writeSync(this.#descriptor, bytes, done);
      this.#bytes += bytes.length;
    } catch (error) {
      this.#failure = error;
    }
  }

  #open(): number {
    mkdirSync(this.#place.folder, { recursive: true, mode: 0o700 });
    return openSync(this.#place.path, "w", 0o600);
  }
}

async function makeDurable({ folder, path }: { readonly folder: string; readonly path: string }) {
  const file = await open(path, "r+");
  try {
    await file.datasync();
  } catch (error) {
    throw diskFailure(error);
  } finally {
    await file.close();
  }
  await syncFolder(folder);
}

/**
 * The files that the editor had lately, for the next edit is mostly of one of them: it need not be read again, for the
 * sandbox tells by its checksum that it is still so. What is remembered is never shown as what the file is.
 */
import type { KnownBytes } from "./known-bytes.ts";

/** Bytes that one conversation holds at most, and as much again as text; a file larger than half of it is read each time. */
const most = 4 * 1024 * 1024;

export class RecentFiles {
  /** the latest last */
  readonly #files = new Map<string, KnownBytes>();
  #bytes = 0;

  at(path: string): KnownBytes | null {
    return this.#files.get(path) ?? null;
  }

  keep(path: string, file: KnownBytes): void {
    this.#forget(path);
    if (file.bytes.length > most / 2) return;
    this.#files.set(path, file);
    this.#bytes += file.bytes.length;
    for (const oldest of this.#files.keys()) {
      if (this.#bytes <= most) break;
      this.#forget(oldest);
    }
  }

  #forget(path: string): void {
    this.#bytes -= this.#files.get(path)?.bytes.length ?? 0;
    this.#files.delete(path);
  }
}

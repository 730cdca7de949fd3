/**
 * What a conversation knows of the files it edited: how each was when it was last seen, and how to take edits back. It
 * is folded from the editor's observations, so the log is all there is to keep, and a restart changes nothing.
 */
import { hash } from "node:crypto";
import { posix } from "node:path";
import { FileEditorObservation, type FileEditUndo, type ToolObservation } from "@openhands/protocol";

/** Bytes taken away by one edit that the log still carries for undo. */
export const largestUndo = 64 * 1024;

const bounds = { files: 1000, editsPerFile: 20, removed: 8 * 1024 * 1024 };

interface KnownFile {
  readonly hash: string;
  readonly edits: readonly FileEditUndo[];
}

export class FileMemory {
  /** the one seen last at the end */
  readonly #files = new Map<string, KnownFile>();
  /** characters of all `removed` */
  #removed = 0;

  /** Takes observations in the order of the log; those of other tools are passed over. */
  push(observation: ToolObservation): void {
    // looked at before it is parsed: a parse that fails costs more than one that succeeds
    if (observation.kind !== "FileEditorObservation") return;
    const seen = FileEditorObservation.safeParse(observation);
    if (!seen.success || seen.data.is_error) return;
    const { command, path, file_hash: fileHash, undo } = seen.data;
    if (!path || !fileHash) return;
    const edits = this.#files.get(posix.normalize(path))?.edits ?? [];
    switch (command) {
      case "view":
        return this.#keep(path, { hash: fileHash, edits });
      case "create":
        return this.#keep(path, { hash: fileHash, edits: [] });
      case "undo_edit":
        return this.#keep(path, { hash: fileHash, edits: edits.slice(0, -1) });
      case "str_replace":
      case "insert":
        // What came before an edit that can't be taken back can't be reached any more.
        return this.#keep(path, { hash: fileHash, edits: undo ? [...edits, undo] : [] });
    }
  }

  /** `hashOf` the file's bytes when it was last seen, null where it was not. */
  hashSeen(path: string): string | null {
    return this.#files.get(posix.normalize(path))?.hash ?? null;
  }

  lastEdit(path: string): FileEditUndo | null {
    return this.#files.get(posix.normalize(path))?.edits.at(-1) ?? null;
  }

  #keep(path: string, { hash: fileHash, edits }: KnownFile): void {
    const key = posix.normalize(path);
    this.#forget(key);
    this.#files.set(key, { hash: fileHash, edits: edits.slice(-bounds.editsPerFile) });
    this.#removed += removedBy(edits.slice(-bounds.editsPerFile));
    for (const oldest of this.#files.keys()) {
      if (this.#files.size <= bounds.files && this.#removed <= bounds.removed) return;
      this.#forget(oldest);
    }
  }

  #forget(key: string): void {
    this.#removed -= removedBy(this.#files.get(key)?.edits ?? []);
    this.#files.delete(key);
  }
}

/** Tells whether a file is as it was; not meant against someone who wants two to be alike. */
export function hashOf(bytes: Buffer): string {
  return hash("sha256", bytes, "hex").slice(0, 16);
}

function removedBy(edits: readonly FileEditUndo[]): number {
  return edits.reduce((sum, { removed }) => sum + removed.length, 0);
}

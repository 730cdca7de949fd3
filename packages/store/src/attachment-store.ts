/** Bytes that are too large for the log: `attachments/<sha256>.<ending>`. What is there already is not written again. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { isAttachmentName } from "@openhands/protocol";
import { errorCode } from "./disk-failure.ts";
import { writeDocument } from "./documents.ts";
import { exists } from "./file-stamp.ts";

export interface AttachmentStore {
  /** Durable when it resolves. @throws AppError `disk_full` */
  write(name: string, bytes: Uint8Array): Promise<void>;
  /** null when there is none of that name */
  read(name: string): Promise<Uint8Array | null>;
}

/** @param folder made with the first attachment */
export function createAttachmentStore(folder: string): AttachmentStore {
  return {
    async write(name, bytes) {
      const path = join(folder, name);
      if (await exists(path)) return;
      await writeDocument(path, async (file) => await file.writeFile(bytes));
    },
    async read(name) {
      if (!isAttachmentName(name)) return null;
      try {
        return await readFile(join(folder, name));
      } catch (error) {
        if (errorCode(error) === "ENOENT") return null;
        throw error;
      }
    },
  };
}

/** Takes out of an event what would make its line too long: images, and whole files that an observation carries. */
import { createHash } from "node:crypto";
import { attachmentBytes, attachmentEnding, attachmentReference } from "@openhands/protocol";

export interface TakenOut<T> {
  /** with references in the place of what was taken */
  readonly event: T;
  /** by name */
  readonly attachments: ReadonlyMap<string, Uint8Array>;
}

const imageData = /^data:(image\/[\w.+-]+);base64,/;
/** Fields that hold the content of a file. */
const fileFields: ReadonlySet<string> = new Set(["old_content", "new_content"]);

export function takeOutAttachments<T>(event: T): TakenOut<T> {
  const attachments = new Map<string, Uint8Array>();

  function keep(bytes: Uint8Array, ending: string): string {
    const name = `${createHash("sha256").update(bytes).digest("hex")}.${ending}`;
    attachments.set(name, bytes);
    return attachmentReference(name);
  }

  function text(value: string, field: string | null): string {
    if (value.length < attachmentBytes / 4) return value;
    const image = imageData.exec(value);
    const bytes = image
      ? Buffer.from(value.slice(image[0].length), "base64")
      : field !== null && fileFields.has(field)
        ? Buffer.from(value)
        : null;
    if (bytes === null || bytes.length <= attachmentBytes) return value;
    return keep(bytes, image ? attachmentEnding(image[1] ?? "") : "txt");
  }

  /** What did not change is the same object. */
  function walk(value: unknown, field: string | null): unknown {
    if (typeof value === "string") return text(value, field);
    if (typeof value !== "object" || value === null) return value;
    if (Array.isArray(value)) {
      const items = value.map((item) => walk(item, null));
      return items.some((item, index) => item !== value[index]) ? items : value;
    }
    const entries = Object.entries(value);
    const walked = entries.map(([key, item]): [string, unknown] => [key, walk(item, key)]);
    return walked.some(([, item], index) => item !== entries[index]?.[1])
      ? Object.fromEntries(walked)
      : value;
  }

  return { event: walk(event, null) as T, attachments };
}

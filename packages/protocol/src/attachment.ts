/**
 * What is too large for an event lies beside the log; in the place of the value the event has `attachment:<name>`, where
 * the name is the SHA-256 of the bytes and their kind. The bytes: `GET /api/conversations/{id}/attachments/{name}`.
 */

/** Bytes from which a value is an attachment. */
export const attachmentBytes = 64 * 1024;

const attachmentTypes: Readonly<Record<string, string>> = {
  png: "image/png",
  jpg: "image/jpeg",
  gif: "image/gif",
  webp: "image/webp",
  avif: "image/avif",
  bmp: "image/bmp",
  svg: "image/svg+xml",
  txt: "text/plain; charset=utf-8",
};

/** A name's ending for a media type; `bin` for one that is not known. */
export function attachmentEnding(mediaType: string): string {
  const found = Object.entries(attachmentTypes).find(([, type]) => type === mediaType);
  return found?.[0] ?? "bin";
}

/** The media type that a name's ending stands for. */
export function attachmentType(name: string): string {
  const ending = name.slice(name.lastIndexOf(".") + 1).toLowerCase();
  return (Object.hasOwn(attachmentTypes, ending) && attachmentTypes[ending]) || "application/octet-stream";
}

export function isAttachmentName(name: string): boolean {
  return /^[0-9a-f]{64}\.[a-z]{3,4}$/.test(name);
}

export const attachmentReference = (name: string): string => `attachment:${name}`;

/** The name in a reference; null for any other text. */
export function attachmentName(reference: string): string | null {
  const name = /^attachment:(.*)$/.exec(reference)?.[1];
  return name !== undefined && isAttachmentName(name) ? name : null;
}

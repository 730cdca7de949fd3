/** What `view` shows: a file's lines, an image, or a folder two levels deep. */
import { type Content, text } from "@openhands/protocol";
import type { DirectoryListing } from "../helper/file-operations.ts";
import { shownPath } from "../shown-path.ts";
import { clipRedacted, type Redact } from "../terminal/clip-redacted.ts";
import type { FileCall } from "./file-call.ts";
import { fileMessages, largestImage } from "./file-messages.ts";
import { FileToolError } from "./file-tool-error.ts";
import { linesOf } from "./find-edit.ts";
import { numberLines } from "./number-lines.ts";
import { TextFile } from "./text-file.ts";

/** Lines of a file, at most what an observation carries. */
export function clipView(shown: string, redact: Redact): string {
  return clipRedacted(shown, redact, fileMessages.clipMarker).text;
}

/** @throws FileToolError for a bad range or a file that is no text */
export function viewFile(
  { action: { path, view_range: range }, redact }: FileCall,
  bytes: Buffer,
): readonly Content[] {
  const type = imageType(bytes);
  if (type) {
    if (bytes.length > largestImage) throw new FileToolError(fileMessages.largeImage(path, bytes.length));
    const url = `data:${type};base64,${bytes.toString("base64")}`;
    return [text(fileMessages.image(path)), { type: "image", image_urls: [url] }];
  }
  const file = TextFile.from(bytes);
  if (!file) throw new FileToolError(fileMessages.binary(path));
  const lines = linesOf(file.text);
  const [first, last] = range ? checkedRange(range, lines.length) : [1, lines.length];
  const numbered = numberLines(lines.slice(first - 1, last), first);
  const note = last > lines.length ? fileMessages.fewerLines(lines.length) : "";
  return [text(clipView(fileMessages.viewed(path, numbered), redact) + note)];
}

/** @returns first and last line; the last may be beyond the file's end */
function checkedRange(range: readonly number[], count: number): readonly [number, number] {
  const [first, last] = range;
  const fail = (why: string): never => {
    throw new FileToolError(fileMessages.viewRange(range, why));
  };
  if (range.length !== 2 || first === undefined || last === undefined)
    return fail("It should be a list of two integers.");
  if (first < 1 || first > Math.max(count, 1)) {
    return fail(
      `Its first element \`${first}\` should be within the range of lines of the file: [1, ${count}].`,
    );
  }
  if (last === -1) return [first, count];
  if (last < first) {
    return fail(
      `Its second element \`${last}\` should be greater than or equal to the first element \`${first}\`.`,
    );
  }
  return [first, last];
}

export function viewDirectory(
  { action: { path }, redact }: FileCall,
  listing: DirectoryListing,
): readonly Content[] {
  const folder = path.replace(/\/+$/, "");
  const entries = [`${folder}/`, ...listing.paths.toSorted()].map(shownPath).join("\n");
  const hidden = listing.hidden > 0 ? fileMessages.hidden(path, listing.hidden) : "";
  return [text(clipView(fileMessages.directory(path, entries), redact) + hidden)];
}

/** By the file's first bytes; its name may lie. */
function imageType(bytes: Buffer): string | null {
  const head = bytes.toString("latin1", 0, 12);
  if (head.startsWith("\x89PNG\r\n")) return "image/png";
  if (head.startsWith("\xff\xd8\xff")) return "image/jpeg";
  if (head.startsWith("GIF8")) return "image/gif";
  if (head.startsWith("RIFF") && head.endsWith("WEBP")) return "image/webp";
  return null;
}

/** The commands that change a file which is there: one span of its bytes, and no other. */
import { type FileEditUndo, text } from "@openhands/protocol";
import { type FileCall, type FileResult, required, requireWritten } from "./file-call.ts";
import { hashOf, largestUndo } from "./file-memory.ts";
import { fileMessages, largestFile } from "./file-messages.ts";
import { FileToolError } from "./file-tool-error.ts";
import { changedSpan, insertion, lineOf, linesOf, occurrences, type Span } from "./find-edit.ts";
import { numberLines } from "./number-lines.ts";
import { snippet } from "./snippet.ts";
import { type Splice, TextFile, withPlainLineEnds } from "./text-file.ts";
import { clipView } from "./view-path.ts";

interface CurrentFile {
  readonly bytes: Buffer;
  readonly hash: string;
  readonly file: TextFile;
  /** what to add to what the model is told: that the file is not as it saw it, or nothing */
  readonly note: string;
}

export async function replaceString(call: FileCall): Promise<FileResult> {
  const { path } = call.action;
  const wanted = withPlainLineEnds(required(call.action.old_str, "old_str", "str_replace"));
  const replacement = withPlainLineEnds(call.action.new_str ?? "");
  if (wanted === replacement) throw new FileToolError(fileMessages.sameStrings);
  const current = await readCurrent(call);
  const { text: content } = current.file;
  const found = occurrences(content, wanted);
  const [at] = found;
  if (at === undefined) throw new FileToolError(fileMessages.notFound(path, wanted) + current.note);
  if (found.length > 1) {
    const lines = new Set(found.map((index) => lineOf(content, index)));
    throw new FileToolError(fileMessages.notUnique(wanted, [...lines]) + current.note);
  }
  return edit(call, current, changedSpan(at, wanted, replacement));
}

export async function insertText(call: FileCall): Promise<FileResult> {
  const line = required(call.action.insert_line, "insert_line", "insert");
  const inserted = withPlainLineEnds(required(call.action.new_str, "new_str", "insert"));
  const current = await readCurrent(call);
  const span = insertion(current.file.text, line, inserted);
  if (!span) {
    const lines = linesOf(current.file.text).length;
    throw new FileToolError(fileMessages.insertLine(line, lines) + current.note);
  }
  return edit(call, current, span);
}

/** Takes the last edit of the file back; what anybody else did to it since stands in the way. */
export async function undoEdit(call: FileCall): Promise<FileResult> {
  const { path } = call.action;
  const { bytes, hash, file } = await readCurrent(call);
  const last = call.memory.lastEdit(path);
  if (!last) throw new FileToolError(fileMessages.noHistory(path));
  if (hash !== call.memory.hashSeen(path)) throw new FileToolError(fileMessages.changedSince(path));
  const restored = takenBack(bytes, last);
  // A file that was changed since and viewed then, or a removed secret, which the log has not kept.
  if (hashOf(restored) !== last.before) throw new FileToolError(fileMessages.changedSince(path));
  await requireWritten(call, restored, { isNew: false });
  const after = TextFile.from(restored)?.text ?? "";
  const message = fileMessages.undone(path, numberLines(linesOf(after)));
  return { content: [text(clipView(message, call.redact))], before: file.text, after, hash: last.before };
}

function takenBack(bytes: Buffer, { at, inserted, removed }: FileEditUndo): Buffer {
  return Buffer.concat([
    bytes.subarray(0, at),
    Buffer.from(removed, "base64"),
    bytes.subarray(at + inserted),
  ]);
}

async function edit(call: FileCall, current: CurrentFile, span: Span): Promise<FileResult> {
  const { path } = call.action;
  const { bytes, file, note } = current;
  const splice = file.splice(span.start, span.end, span.replacement);
  if (!splice) throw new FileToolError(fileMessages.notInEncoding(path, file.encoding));
  const changed = splice.bytes;
  await requireWritten(call, changed, { isNew: false });
  const after = file.text.slice(0, span.start) + span.replacement + file.text.slice(span.end);
  const message = fileMessages.edited(path, snippet(after, span.start, span.replacement.length));
  const undo = undoOf(splice, bytes, current.hash);
  return {
    content: [text(clipView(message, call.redact) + note)],
    before: file.text,
    after,
    hash: hashOf(changed),
    ...(undo && { undo }),
  };
}

function undoOf({ at, removed, inserted }: Splice, bytes: Buffer, before: string): FileEditUndo | null {
  if (removed > largestUndo) return null;
  return { at, inserted, removed: bytes.toString("base64", at, at + removed), before };
}

/** @throws FileToolError where it is missing, too large or no text */
async function readCurrent({ action: { path }, helper, memory, signal }: FileCall): Promise<CurrentFile> {
  const read = await helper.readFile(path, largestFile, signal);
  if (!read.ok) throw new FileToolError(fileMessages.problem(path, read.problem, read.detail));
  const { bytes } = read;
  const file = TextFile.from(bytes);
  if (!file) throw new FileToolError(fileMessages.binary(path));
  const hash = hashOf(bytes);
  const seen = memory.hashSeen(path);
  return { bytes, hash, file, note: seen === null || seen === hash ? "" : fileMessages.notAsSeen(path) };
}

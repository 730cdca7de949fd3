/** The commands that change a file which is there: one span of its bytes, and no other. */
import { setImmediate as immediate } from "node:timers/promises";
import { type FileEditUndo, text } from "@openhands/protocol";
import { type FileCall, type FileResult, required, requireWritten } from "./file-call.ts";
import { largestUndo } from "./file-memory.ts";
import { fileMessages, largestFile } from "./file-messages.ts";
import { FileToolError } from "./file-tool-error.ts";
import { changedSpan, insertion, lineOf, linesOf, occurrences, type Span } from "./find-edit.ts";
import { KnownBytes } from "./known-bytes.ts";
import { numberLines } from "./number-lines.ts";
import { snippet } from "./snippet.ts";
import { type Splice, type TextFile, withPlainLineEnds } from "./text-file.ts";
import { clipView } from "./view-path.ts";

interface CurrentFile {
  readonly known: KnownBytes;
  readonly file: TextFile;
  /** what to add to what the model is told: that the file is not as it saw it, or nothing */
  readonly note: string;
}

interface Change {
  readonly splice: Splice;
  readonly after: KnownBytes;
  /** what is told of it once it is done */
  readonly tell: () => FileResult;
}

/** @throws FileToolError where such a file is not to be changed */
type Plan = (current: CurrentFile) => Change;

export async function replaceString(call: FileCall): Promise<FileResult> {
  const { path } = call.action;
  const wanted = withPlainLineEnds(required(call.action.old_str, "old_str", "str_replace"));
  const replacement = withPlainLineEnds(call.action.new_str ?? "");
  if (wanted === replacement) throw new FileToolError(fileMessages.sameStrings);
  return change(call, (current) => {
    const { text: content } = current.file;
    const found = occurrences(content, wanted);
    const [at] = found;
    if (at === undefined) throw new FileToolError(fileMessages.notFound(path, wanted) + current.note);
    if (found.length > 1) {
      const lines = new Set(found.map((index) => lineOf(content, index)));
      throw new FileToolError(fileMessages.notUnique(wanted, [...lines]) + current.note);
    }
    return edit(call, current, changedSpan(at, wanted, replacement));
  });
}

export async function insertText(call: FileCall): Promise<FileResult> {
  const line = required(call.action.insert_line, "insert_line", "insert");
  const inserted = withPlainLineEnds(required(call.action.new_str, "new_str", "insert"));
  return change(call, (current) => {
    const span = insertion(current.file.text, line, inserted);
    if (span) return edit(call, current, span);
    const lines = linesOf(current.file.text).length;
    throw new FileToolError(fileMessages.insertLine(line, lines) + current.note);
  });
}

/** Takes the last edit of the file back; what anybody else did to it since stands in the way. */
export async function undoEdit(call: FileCall): Promise<FileResult> {
  const { path } = call.action;
  return change(call, ({ known, file }) => {
    const last = call.memory.lastEdit(path);
    if (!last) throw new FileToolError(fileMessages.noHistory(path));
    if (known.hash !== call.memory.hashSeen(path)) throw new FileToolError(fileMessages.changedSince(path));
    const splice = takingBack(known.bytes, last);
    const after = new KnownBytes(splice.bytes);
    // A file that was changed since and viewed then, or a removed secret, which the log has not kept.
    if (after.hash !== last.before) throw new FileToolError(fileMessages.changedSince(path));
    return { splice, after, tell: () => undone(call, file, after) };
  });
}

function takingBack(bytes: Buffer, { at, inserted, removed }: FileEditUndo): Splice {
  const back = Buffer.from(removed, "base64");
  return {
    bytes: Buffer.concat([bytes.subarray(0, at), back, bytes.subarray(at + inserted)]),
    at,
    removed: inserted,
    inserted: back,
  };
}

function undone(
  { action: { path }, redact }: FileCall,
  before: TextFile,
  { file, hash }: KnownBytes,
): FileResult {
  const after = file?.text ?? "";
  const message = fileMessages.undone(path, numberLines(linesOf(after)));
  return { content: [text(clipView(message, redact))], before: before.text, after, hash };
}

function edit(
  { action: { path }, redact }: FileCall,
  { known, file, note }: CurrentFile,
  span: Span,
): Change {
  const splice = file.splice(span.start, span.end, span.replacement);
  if (!splice) throw new FileToolError(fileMessages.notInEncoding(path, file.encoding));
  const after = new KnownBytes(splice.bytes);
  return {
    splice,
    after,
    tell: () => {
      const changed = changedText(file, span, after);
      const message = fileMessages.edited(path, snippet(changed, span.start, span.replacement.length));
      const undo = undoOf(splice, known);
      return {
        content: [text(clipView(message, redact) + note)],
        before: file.text,
        after: changed,
        hash: after.hash,
        ...(undo && { undo }),
      };
    },
  };
}

/** That of the next edit, so it is made once; put together where the edit has made another encoding of the file. */
function changedText(file: TextFile, { start, end, replacement }: Span, after: KnownBytes): string {
  if (after.file?.encoding === file.encoding) return after.file.text;
  return file.text.slice(0, start) + replacement + file.text.slice(end);
}

function undoOf({ at, removed, inserted }: Splice, { bytes, hash }: KnownBytes): FileEditUndo | null {
  if (removed > largestUndo) return null;
  return { at, inserted: inserted.length, removed: bytes.toString("base64", at, at + removed), before: hash };
}

/** A file that something else writes all the time is read as often as this. */
const mostReadings = 3;

/**
 * On the bytes that are remembered, where there are such, for that is quick. Where the sandbox says that the file is
 * another by now, or the plan fails on them, it is read.
 */
async function change(call: FileCall, plan: Plan): Promise<FileResult> {
  const { path } = call.action;
  const remembered = call.recentFiles.at(path);
  const early = remembered && (await done(call, plan, remembered, "remembered").catch(nullWhereRefused));
  if (early) return early;
  for (let reading = 0; reading < mostReadings; reading += 1) {
    const result = await done(call, plan, await readCurrent(call), "read");
    if (result) return result;
  }
  throw new FileToolError(fileMessages.keepsChanging(path));
}

function nullWhereRefused(error: unknown): null {
  if (error instanceof FileToolError) return null;
  throw error;
}

/**
 * @returns null where the file is not as `known` by now
 * @throws FileToolError
 */
async function done(
  call: FileCall,
  plan: Plan,
  known: KnownBytes,
  from: "remembered" | "read",
): Promise<FileResult | null> {
  const { helper, recentFiles, signal } = call;
  const { path } = call.action;
  const { splice, after, tell } = plan(lookedAt(call, known));
  const { at, removed, inserted } = splice;
  // What is told is made while the sandbox works.
  const [written, result] = await Promise.all([
    helper.spliceFile(path, { at, removed, inserted, before: known, after }, signal),
    immediate().then(tell),
  ]);
  if (!written.ok) {
    const { problem, detail } = written;
    if (problem === "changed" || (problem === "unable" && from === "remembered")) return null;
    if (problem !== "unable") throw new FileToolError(fileMessages.problem(path, problem, detail));
    await requireWritten(call, after.bytes, { isNew: false });
  }
  recentFiles.keep(path, after);
  return result;
}

/** @throws FileToolError where it is no text */
function lookedAt({ action: { path }, memory }: FileCall, known: KnownBytes): CurrentFile {
  const { file } = known;
  if (!file) throw new FileToolError(fileMessages.binary(path));
  const seen = memory.hashSeen(path);
  return { known, file, note: seen === null || seen === known.hash ? "" : fileMessages.notAsSeen(path) };
}

/** @throws FileToolError where it is missing, too large or no file */
async function readCurrent({ action: { path }, helper, signal }: FileCall): Promise<KnownBytes> {
  const read = await helper.readFile(path, largestFile, signal);
  if (!read.ok) throw new FileToolError(fileMessages.problem(path, read.problem, read.detail));
  return new KnownBytes(read.bytes);
}

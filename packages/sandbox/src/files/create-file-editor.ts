/** The agent's file editor. It works on paths inside the sandbox, through the resident helper, never on the host's. */
import { type Content, type FileEditorAction, type FileEditorObservation, text } from "@openhands/protocol";
import type { Helper } from "../helper/helper.ts";
import type { FileEditor } from "../tools.ts";
import { EditHistory } from "./edit-history.ts";
import { fileMessages, largestFile } from "./file-messages.ts";
import { FileToolError } from "./file-tool-error.ts";
import { changedSpan, insertion, lineOf, linesOf, occurrences, type Span } from "./find-edit.ts";
import { numberLines, snippet } from "./number-lines.ts";
import { TextFile, withPlainLineEnds } from "./text-file.ts";
import { clipView, viewDirectory, viewFile } from "./view-path.ts";

/** Starts nothing until its first use. */
export function createFileEditor(helper: Helper): FileEditor {
  const history = new EditHistory();
  return {
    async run(action, { signal }) {
      signal.throwIfAborted();
      try {
        return observe(action, await runCommand({ action, helper, history, signal }));
      } catch (error) {
        if (!(error instanceof FileToolError)) throw error;
        return observe(action, { content: [text(error.message)], isError: true });
      }
    },
    close: async () => {},
  };
}

interface Call {
  readonly action: FileEditorAction;
  readonly helper: Helper;
  readonly history: EditHistory;
  readonly signal: AbortSignal;
}

interface Result {
  readonly content: readonly Content[];
  readonly isError?: boolean;
  readonly existed?: boolean;
  readonly before?: string;
  readonly after?: string;
}

/** Longer contents are left out of the observation: every reader of the log would carry them. */
const longestContent = 256 * 1024;

function observe(action: FileEditorAction, result: Result): FileEditorObservation {
  const bounded = (content: string | undefined): string | null =>
    content === undefined || content.length > longestContent ? null : content;
  return {
    kind: "FileEditorObservation",
    command: action.command,
    path: action.path,
    content: [...result.content],
    is_error: result.isError ?? false,
    prev_exist: result.existed ?? true,
    old_content: bounded(result.before),
    new_content: bounded(result.after),
  };
}

async function runCommand(call: Call): Promise<Result> {
  await requireAbsolutePath(call);
  switch (call.action.command) {
    case "view":
      return view(call);
    case "create":
      return create(call);
    case "str_replace":
      return replaceString(call);
    case "insert":
      return insertText(call);
    case "undo_edit":
      return undo(call);
  }
}

async function requireAbsolutePath({ action: { path }, helper, signal }: Call): Promise<void> {
  if (path.startsWith("/")) return;
  const here = (await helper.pipe("pwd", "", signal)).trim();
  const meant = `${here}/${path}`;
  const found = path === "" ? null : await helper.readFile(meant, largestFile, signal);
  const exists = found !== null && (found.ok || found.problem !== "missing");
  throw new FileToolError(fileMessages.relativePath(path, exists ? meant : null));
}

async function view({ action: { path, view_range }, helper, signal }: Call): Promise<Result> {
  const range = view_range ?? null;
  const read = await helper.readFile(path, largestFile, signal);
  if (read.ok) return { content: viewFile(path, read.bytes, range) };
  if (read.problem !== "directory")
    throw new FileToolError(fileMessages.problem(path, read.problem, read.detail));
  if (range) throw new FileToolError(fileMessages.directoryRange);
  const listing = await helper.list(path, signal);
  if (!listing) throw new FileToolError(fileMessages.problem(path, "denied", ""));
  return { content: viewDirectory(path, listing) };
}

async function create(call: Call): Promise<Result> {
  const { path } = call.action;
  const content = required(call.action.file_text, "file_text", "create");
  await write(call, Buffer.from(content), true);
  return { content: [text(fileMessages.created(path))], existed: false, after: content };
}

async function replaceString(call: Call): Promise<Result> {
  const { path } = call.action;
  const wanted = withPlainLineEnds(required(call.action.old_str, "old_str", "str_replace"));
  const replacement = withPlainLineEnds(call.action.new_str ?? "");
  if (wanted === replacement) throw new FileToolError(fileMessages.sameStrings);
  const { bytes, file } = await readText(call);
  const found = occurrences(file.text, wanted);
  const [at] = found;
  if (at === undefined) throw new FileToolError(fileMessages.notFound(path, wanted));
  if (found.length > 1) {
    const lines = new Set(found.map((index) => lineOf(file.text, index)));
    throw new FileToolError(fileMessages.notUnique(wanted, [...lines]));
  }
  return edit(call, { bytes, file, span: changedSpan(at, wanted, replacement) });
}

async function insertText(call: Call): Promise<Result> {
  const line = required(call.action.insert_line, "insert_line", "insert");
  const inserted = withPlainLineEnds(required(call.action.new_str, "new_str", "insert"));
  const { bytes, file } = await readText(call);
  const span = insertion(file.text, line, inserted);
  if (!span) throw new FileToolError(fileMessages.insertLine(line, linesOf(file.text).length));
  return edit(call, { bytes, file, span });
}

async function undo(call: Call): Promise<Result> {
  const { path } = call.action;
  const { bytes, file } = await readText(call);
  const last = call.history.last(path);
  if (!last) throw new FileToolError(fileMessages.noHistory(path));
  if (!last.after.equals(bytes)) throw new FileToolError(fileMessages.changedSince(path));
  await write(call, last.before, false);
  call.history.forgetLast(path);
  const restored = TextFile.from(last.before)?.text ?? "";
  const message = fileMessages.undone(path, numberLines(linesOf(restored)));
  return { content: [text(clipView(message))], before: file.text, after: restored };
}

interface Edit {
  readonly bytes: Buffer;
  readonly file: TextFile;
  readonly span: Span;
}

async function edit(call: Call, { bytes, file, span }: Edit): Promise<Result> {
  const { path } = call.action;
  const changed = file.splice(span.start, span.end, span.replacement);
  if (!changed) throw new FileToolError(fileMessages.notInEncoding(path));
  await write(call, changed, false);
  call.history.record(path, { before: bytes, after: changed });
  const after = file.text.slice(0, span.start) + span.replacement + file.text.slice(span.end);
  const from = lineOf(after, span.start);
  const to = lineOf(after, span.start + span.replacement.length);
  const message = fileMessages.edited(path, snippet(linesOf(after), from, to));
  return { content: [text(clipView(message))], before: file.text, after };
}

/** @throws FileToolError where it is missing, too large or no text */
async function readText({
  action: { path },
  helper,
  signal,
}: Call): Promise<{ bytes: Buffer; file: TextFile }> {
  const read = await helper.readFile(path, largestFile, signal);
  if (!read.ok) throw new FileToolError(fileMessages.problem(path, read.problem, read.detail));
  const file = TextFile.from(read.bytes);
  if (!file) throw new FileToolError(fileMessages.binary(path));
  return { bytes: read.bytes, file };
}

async function write(
  { action: { path }, helper, signal }: Call,
  bytes: Buffer,
  isNew: boolean,
): Promise<void> {
  const written = await helper.writeFile(path, bytes, { isNew, signal });
  if (!written.ok) throw new FileToolError(fileMessages.problem(path, written.problem, written.detail));
}

function required<T>(value: T | null | undefined, parameter: string, command: string): T {
  if (value === null || value === undefined)
    throw new FileToolError(fileMessages.required(parameter, command));
  return value;
}

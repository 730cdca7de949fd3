/** The agent's file editor. It works on paths inside the sandbox, through the resident helper, never on the host's. */
import { type FileEditorAction, type FileEditorObservation, secretHidden, text } from "@openhands/protocol";
import type { Helper } from "../helper/helper.ts";
import type { Redact } from "../terminal/clip-redacted.ts";
import type { FileEditor } from "../tools.ts";
import { insertText, replaceString, undoEdit } from "./edit-file.ts";
import { type FileCall, type FileResult, required, requireWritten } from "./file-call.ts";
import { fileMessages, largestFile } from "./file-messages.ts";
import { FileToolError } from "./file-tool-error.ts";
import { KnownBytes } from "./known-bytes.ts";
import { RecentFiles } from "./recent-files.ts";
import { viewDirectory, viewFile } from "./view-path.ts";

/** Starts nothing until its first use, and keeps nothing between its calls that it could not do without. */
export function createFileEditor(helper: Helper, redact: Redact): FileEditor {
  const recentFiles = new RecentFiles();
  return {
    async run(action, { signal, memory }) {
      signal.throwIfAborted();
      try {
        return observe(action, await runCommand({ action, helper, memory, recentFiles, signal, redact }));
      } catch (error) {
        if (!(error instanceof FileToolError)) throw error;
        return observe(action, { content: [text(error.message)], isError: true });
      }
    },
  };
}

/** Longer contents are left out of the observation: every reader of the log would carry them. */
const longestContent = 256 * 1024;

function observe(action: FileEditorAction, result: FileResult): FileEditorObservation {
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
    ...(result.hash === undefined ? {} : { file_hash: result.hash }),
    ...(result.undo === undefined ? {} : { undo: result.undo }),
  };
}

async function runCommand(call: FileCall): Promise<FileResult> {
  await requireAbsolutePath(call);
  refuseMasks(call.action);
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
      return undoEdit(call);
  }
}

async function requireAbsolutePath({ action: { path }, helper, signal }: FileCall): Promise<void> {
  if (path.includes("\0")) throw new FileToolError(fileMessages.noName(path));
  if (path.startsWith("/")) return;
  const here = (await helper.pipe("pwd", "", { signal })).trim();
  const meant = `${here}/${path}`;
  const found = path === "" ? null : await helper.readFile(meant, largestFile, signal);
  const exists = found !== null && (found.ok || found.problem !== "missing");
  throw new FileToolError(fileMessages.relativePath(path, exists ? meant : null));
}

/** The model has seen the mask where the file has a secret; written back it would take the secret's place. */
function refuseMasks(action: FileEditorAction): void {
  for (const parameter of ["file_text", "old_str", "new_str"] as const) {
    if (action[parameter]?.includes(secretHidden)) throw new FileToolError(fileMessages.masked(parameter));
  }
}

async function view(call: FileCall): Promise<FileResult> {
  const { helper, recentFiles, signal } = call;
  const { path, view_range } = call.action;
  const read = await helper.readFile(path, largestFile, signal);
  if (read.ok) {
    const file = new KnownBytes(read.bytes);
    recentFiles.keep(path, file);
    return { content: viewFile(call, read.bytes), hash: file.hash };
  }
  if (read.problem !== "directory")
    throw new FileToolError(fileMessages.problem(path, read.problem, read.detail));
  if (view_range) throw new FileToolError(fileMessages.directoryRange);
  const listing = await helper.list(path, signal);
  if (!listing) throw new FileToolError(fileMessages.problem(path, "denied", ""));
  return { content: viewDirectory(call, listing) };
}

async function create(call: FileCall): Promise<FileResult> {
  const { path } = call.action;
  const content = required(call.action.file_text, "file_text", "create");
  const file = new KnownBytes(Buffer.from(content));
  await requireWritten(call, file.bytes, { isNew: true });
  call.recentFiles.keep(path, file);
  return {
    content: [text(fileMessages.created(path))],
    existed: false,
    after: content,
    hash: file.hash,
  };
}

/**
 * Actions and observations that the page draws in a way of its own. Those of other tools (MCP) pass through the log
 * as they are: an action or an observation is any object with a `kind`.
 */
import * as z from "zod";
import { Content } from "./content.ts";

export const ToolAction = z.looseObject({ kind: z.string() });
export type ToolAction = z.infer<typeof ToolAction>;

export const ToolObservation = z.looseObject({
  kind: z.string(),
  content: z.array(Content),
  is_error: z.boolean(),
  /** characters left out of the middle of `content` */
  omitted: z.number().int().nullish(),
});
export type ToolObservation = z.infer<typeof ToolObservation>;

export const TerminalAction = z.looseObject({
  kind: z.literal("TerminalAction"),
  command: z.string(),
  is_input: z.boolean(),
  /** seconds */
  timeout: z.number().nullish(),
  reset: z.boolean(),
});
export type TerminalAction = z.infer<typeof TerminalAction>;

export const TerminalObservation = ToolObservation.extend({
  kind: z.literal("TerminalObservation"),
  command: z.string(),
  /** -1 while the command is still running */
  exit_code: z.number().int(),
  timeout: z.boolean(),
  metadata: z.looseObject({
    exit_code: z.number().int(),
    working_dir: z.string().nullish(),
    prefix: z.string(),
    suffix: z.string(),
  }),
});
export type TerminalObservation = z.infer<typeof TerminalObservation>;

export const FileEditorCommand = z.enum(["view", "create", "str_replace", "insert", "undo_edit"]);
export type FileEditorCommand = z.infer<typeof FileEditorCommand>;

export const FileEditorAction = z.looseObject({
  kind: z.literal("FileEditorAction"),
  command: FileEditorCommand,
  path: z.string(),
  file_text: z.string().nullish(),
  old_str: z.string().nullish(),
  new_str: z.string().nullish(),
  insert_line: z.number().int().nullish(),
  view_range: z.array(z.number().int()).nullish(),
});
export type FileEditorAction = z.infer<typeof FileEditorAction>;

/** Takes an edit back: `removed` goes in again where the edit put its own bytes. */
export const FileEditUndo = z.looseObject({
  /** byte in the file where the edit began */
  at: z.number().int().nonnegative(),
  /** bytes that the edit put there */
  inserted: z.number().int().nonnegative(),
  /** the bytes it took away, base64 */
  removed: z.string(),
  /** `file_hash` before the edit: what taking it back must give */
  before: z.string(),
});
export type FileEditUndo = z.infer<typeof FileEditUndo>;

export const FileEditorObservation = ToolObservation.extend({
  kind: z.literal("FileEditorObservation"),
  command: FileEditorCommand,
  path: z.string().nullish(),
  prev_exist: z.boolean(),
  old_content: z.string().nullish(),
  new_content: z.string().nullish(),
  /** hash of the file's bytes after the command; absent where it read and wrote none */
  file_hash: z.string().nullish(),
  /** of an edit that can be taken back */
  undo: FileEditUndo.nullish(),
});
export type FileEditorObservation = z.infer<typeof FileEditorObservation>;

export const FinishAction = z.looseObject({ kind: z.literal("FinishAction"), message: z.string() });
export type FinishAction = z.infer<typeof FinishAction>;

export const ThinkAction = z.looseObject({ kind: z.literal("ThinkAction"), thought: z.string() });
export type ThinkAction = z.infer<typeof ThinkAction>;

import { FileEditorAction, FileEditorCommand } from "@openhands/protocol";
import * as z from "zod";
import { defineTool } from "../tool.ts";

export const fileEditorTool = defineTool({
  name: "file_editor",
  description: `Views, creates and edits text files. Paths are absolute and start with /workspace unless you mean a file elsewhere.
- view: a file with line numbers (view_range [first, last] for a part, last -1 for the end), a folder two levels deep, or an image.
- create: a new file with file_text; never overwrites one.
- str_replace: old_str, which must stand in the file exactly once, becomes new_str. Copy old_str to the letter, white space included, with enough lines around it to be unique.
- insert: new_str after line insert_line; 0 for the top.
- undo_edit: takes back the last edit of that file.`,
  input: z.object({
    command: FileEditorCommand,
    path: z.string().describe("absolute path, e.g. /workspace/src/main.py"),
    file_text: z.string().nullish(),
    old_str: z.string().nullish(),
    new_str: z.string().nullish(),
    insert_line: z.coerce.number().int().nullish(),
    view_range: z.array(z.coerce.number().int()).nullish(),
  }),
  action: FileEditorAction,
  effect: "write",
  touches: ({ command, path }) => [{ resource: path, mode: command === "view" ? "read" : "write" }],
  toAction: (input) => ({ kind: "FileEditorAction" as const, ...input }),
  run: async (action, { sandbox, signal, memory }) =>
    await (await sandbox()).files.run(action, { signal, memory: memory.files }),
});

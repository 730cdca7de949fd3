import { FileEditorAction } from "@openhands/protocol";
import * as z from "zod";
import { defineTool } from "../tool.ts";
import { fileEditorTool } from "./file-editor.ts";

const View = FileEditorAction.extend({ command: z.literal("view") });

/** The file editor without what edits, under the same name: the history of one agent is read by the other. */
export const fileViewerTool = defineTool({
  name: fileEditorTool.name,
  description:
    "Views a text file with line numbers (view_range [first, last] for a part, last -1 for the end), a folder two levels deep, or an image.",
  input: z.object({
    command: z.literal("view"),
    path: z.string().describe("absolute path, e.g. /workspace/src/main.py"),
    view_range: z.array(z.coerce.number().int()).nullish(),
  }),
  action: View,
  effect: "read",
  touches: (action) => fileEditorTool.touches(action),
  toAction: (input) => ({ kind: "FileEditorAction" as const, ...input }),
  run: async (action, context) => await fileEditorTool.run(action, context),
});

/** The tools of the default agent, in the order in which the model is told of them. A new tool: a file here and a line below. */
import type { Tool } from "../tool.ts";
import { fileEditorTool } from "./file-editor.ts";
import { globTool } from "./glob.ts";
import { grepTool } from "./grep.ts";
import { finishTool } from "./finish.ts";
import { taskTrackerTool } from "./task-tracker.ts";
import { terminalTool } from "./terminal.ts";
import { thinkTool } from "./think.ts";

export const defaultTools: readonly Tool[] = [
  terminalTool,
  fileEditorTool,
  grepTool,
  globTool,
  taskTrackerTool,
  thinkTool,
  finishTool,
];

/** Actions and observations of the tools that find text and files. */
import * as z from "zod";
import { ToolObservation } from "./tools.ts";

export const GrepAction = z.looseObject({
  kind: z.literal("GrepAction"),
  /** a regular expression */
  pattern: z.string(),
  /** file or folder to search; default: the workspace */
  path: z.string().nullish(),
  /** glob of the files to search */
  include: z.string().nullish(),
});
export type GrepAction = z.infer<typeof GrepAction>;

export const GrepObservation = ToolObservation.extend({
  kind: z.literal("GrepObservation"),
  pattern: z.string(),
  search_path: z.string(),
  include_pattern: z.string().nullish(),
  /** the files with a match that are told of */
  matches: z.array(z.string()),
  /** matching lines that are told of */
  line_count: z.number().int(),
  /** there is more than is told */
  truncated: z.boolean(),
});
export type GrepObservation = z.infer<typeof GrepObservation>;

export const GlobAction = z.looseObject({
  kind: z.literal("GlobAction"),
  pattern: z.string(),
  /** folder to search; default: the workspace */
  path: z.string().nullish(),
});
export type GlobAction = z.infer<typeof GlobAction>;

export const GlobObservation = ToolObservation.extend({
  kind: z.literal("GlobObservation"),
  pattern: z.string(),
  search_path: z.string(),
  files: z.array(z.string()),
  truncated: z.boolean(),
});
export type GlobObservation = z.infer<typeof GlobObservation>;

/** What a person sees of a conversation's workspace and of what runs in its sandbox. */
import * as z from "zod";

export const FileEntry = z.looseObject({
  name: z.string(),
  /** from the workspace on */
  path: z.string(),
  type: z.enum(["file", "directory", "symlink", "other"]),
  /** bytes */
  size: z.number().int(),
  modified_at: z.string(),
});
export type FileEntry = z.infer<typeof FileEntry>;

/** One folder; folders come first. */
export const FileList = z.looseObject({
  path: z.string(),
  items: z.array(FileEntry),
  /** there are more than are listed */
  truncated: z.boolean(),
});
export type FileList = z.infer<typeof FileList>;

/** From the workspace on, or beginning with /workspace. */
export const FileQuery = z.object({ path: z.string().default("") });

/** Where files were laid, from the workspace on. */
export const UploadResult = z.looseObject({ paths: z.array(z.string()) });
export type UploadResult = z.infer<typeof UploadResult>;

export const GitChange = z.looseObject({
  /** from the workspace on */
  path: z.string(),
  status: z.enum(["ADDED", "UPDATED", "DELETED", "MOVED"]),
  /** where a moved one was */
  original_path: z.string().nullish(),
});
export type GitChange = z.infer<typeof GitChange>;

export const GitChanges = z.array(GitChange);
export type GitChanges = z.infer<typeof GitChanges>;

/** What git compares with; no argument of a program holds a NUL. */
const Reference = z
  .string()
  .min(1)
  .max(500)
  .refine((text) => !text.includes("\0"), "a name of git holds no NUL");

/** `ref`: what is compared with; without it the last commit, or where the branch left its remote. */
export const GitChangesQuery = z.object({ ref: Reference.optional() });
export const GitDiffQuery = GitChangesQuery.extend({ path: z.string().min(1) });

/** Both sides of a changed file; null: there is none, or it is not shown. */
export const GitDiff = z.looseObject({
  original: z.string().nullable(),
  modified: z.string().nullable(),
  /** why a side is not shown: it is no text, or too long */
  hidden: z.enum(["binary", "large"]).nullable(),
});
export type GitDiff = z.infer<typeof GitDiff>;

export const GitRevertRequest = z.object({
  path: z.string().min(1),
  ref: Reference.nullish(),
});
export type GitRevertRequest = z.infer<typeof GitRevertRequest>;

/** TCP ports that processes of the sandbox listen on. */
export const PortList = z.looseObject({ items: z.array(z.looseObject({ port: z.number().int() })) });
export type PortList = z.infer<typeof PortList>;

export const PreviewLink = z.looseObject({ url: z.string() });
export type PreviewLink = z.infer<typeof PreviewLink>;

/** What the client of a terminal socket says beside the bytes that are typed. */
export const TerminalFrame = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("resize"),
    cols: z.number().int().min(1).max(1000),
    rows: z.number().int().min(1).max(1000),
  }),
]);
export type TerminalFrame = z.infer<typeof TerminalFrame>;

/** What the server says beside the bytes that are shown. */
export const TerminalNotice = z.discriminatedUnion("type", [
  /** comes first; `session` in the query of a later connection leads back to this shell */
  z.looseObject({ type: z.literal("session"), session: z.string(), restored: z.boolean() }),
  z.looseObject({ type: z.literal("exit"), code: z.number().int().nullable() }),
  z.looseObject({ type: z.literal("error"), detail: z.string() }),
]);
export type TerminalNotice = z.infer<typeof TerminalNotice>;

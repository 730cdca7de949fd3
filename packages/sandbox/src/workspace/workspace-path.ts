import { posix } from "node:path";
import { AppError } from "@openhands/protocol";

/** A place in the workspace. */
export interface WorkspacePath {
  /** from the workspace on, "." for itself; without "..", with no slash at its end */
  readonly whole: string;
  readonly folder: string;
  /** "." for the workspace itself */
  readonly name: string;
}

const longestPath = 4000;

/**
 * @param path from the workspace on, or as the agent sees it, under /workspace
 * @throws AppError `invalid` for one that leads out of it or is no path
 */
export function workspacePath(path: string): WorkspacePath {
  if (path.includes("\0") || Buffer.byteLength(path) > longestPath)
    throw new AppError("invalid", "This is not the path of a file.");
  const relative = path.replace(/^\/+workspace(?=\/|$)/, ".");
  const whole = posix.normalize(relative === "" ? "." : relative).replace(/\/$/, "");
  if (whole.startsWith("/") || whole === ".." || whole.startsWith("../"))
    throw new AppError("invalid", `${path} is not in the workspace.`);
  return { whole, folder: posix.dirname(whole), name: posix.basename(whole) };
}

/**
 * The name of a file as another machine gave it, as one that can be laid in a folder.
 * @throws AppError `invalid` where nothing of it remains
 */
export function fileName(given: string): string {
  const last = given.split(/[/\\]/).at(-1) ?? "";
  // oxlint-disable-next-line no-control-regex
  const name = last.replaceAll(/[\u0000-\u001f\u007f]/g, "").trim();
  if (name === "" || name === "." || name === ".." || Buffer.byteLength(name) > 200)
    throw new AppError("invalid", "An uploaded file needs a name of at most 200 bytes.");
  return name;
}

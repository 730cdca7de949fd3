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

/** what most file systems hold is 255; an ending of ours ("-2") goes behind it */
const longestName = 200;
/** Controls, ends of lines, and what turns the direction of writing: "gpj.exe" must not be shown as "exe.jpg". */
const unseen = /[\p{Cc}\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/gu;

/**
 * The name of a file as another machine gave it, as one that can be laid in a folder, and be seen for what it is. One
 * text is one name: accents are put together, as macOS takes them apart. A name that is too long keeps its ending.
 * @throws AppError `invalid` where nothing of it remains
 */
export function fileName(given: string): string {
  const last = given.split(/[/\\]/).at(-1) ?? "";
  const seen = last.toWellFormed().normalize("NFC").replaceAll(unseen, "");
  // Windows drops dots and spaces at the end, and then finds another file
  const name = seen.trim().replace(/[. ]+$/, "");
  if (name === "") throw new AppError("invalid", "An uploaded file needs a name.");
  return shortened(name);
}

function shortened(name: string): string {
  if (Buffer.byteLength(name) <= longestName) return name;
  const ending = /\.\w{1,10}$/.exec(name)?.[0] ?? "";
  const room = longestName - ending.length;
  let stem = "";
  for (const character of name.slice(0, name.length - ending.length)) {
    if (Buffer.byteLength(stem + character) > room) break;
    stem += character;
  }
  return stem + ending;
}

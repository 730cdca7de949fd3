/** What has changed in the repositories of a workspace, asked of git in the sandbox itself. See `git.sh`. */
import { readFile } from "node:fs/promises";
import { posix } from "node:path";
import { buffer } from "node:stream/consumers";
import { AppError, type GitChange, type GitDiff } from "@openhands/protocol";
import { type Sandbox, SandboxError } from "../sandbox.ts";
import { workspacePath } from "./workspace-path.ts";

/** after which git is ended: a repository may name filters that never end */
const seconds = 60;

const statuses: Readonly<Record<string, GitChange["status"]>> = {
  A: "ADDED",
  C: "ADDED",
  D: "DELETED",
  R: "MOVED",
};

/**
 * Of all repositories of the workspace against `ref`, files that git does not know yet among them; none where there is
 * no repository. A repository that has no `ref` is passed over.
 * @throws AppError `not_found` where none of them has it, `unavailable` where the sandbox has no git
 */
export async function gitChanges(sandbox: Sandbox, ref?: string): Promise<GitChange[]> {
  const output = await git(sandbox, ["changes", ref ?? ""]);
  const fields = output.toString().split("\0");
  const changes: GitChange[] = [];
  let [compared, lacking] = [0, 0];
  // the last field is what stands behind the last zero byte: nothing, or cut off
  for (let at = 0; at < fields.length - 1;) {
    const folder = fields[at++] ?? "";
    if (fields[at] === "noref") {
      lacking += 1;
      at += 1;
    } else compared += 1;
    for (; at < fields.length - 1 && fields[at] !== "";) {
      const letter = (fields[at++] ?? "").charAt(0);
      const original = letter === "R" || letter === "C" ? fields[at++] : undefined;
      const path = posix.join(folder, fields[at++] ?? "");
      const status = statuses[letter] ?? "UPDATED";
      const moved = status === "MOVED" && original !== undefined;
      changes.push({ path, status, ...(moved ? { original_path: posix.join(folder, original) } : {}) });
    }
    at += 1;
    for (; at < fields.length - 1 && fields[at] !== ""; at += 1) {
      const path = posix.join(folder, fields[at] ?? "");
      // a folder is a repository of its own
      if (!path.endsWith("/")) changes.push({ path, status: "ADDED" });
    }
    at += 1;
  }
  if (compared === 0 && lacking > 0) throw problem("noref");
  return changes.toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

/**
 * Both sides of one file.
 * @throws AppError `not_found` for a `ref` that is unknown, and where the file is in no repository
 */
export async function gitDiff(sandbox: Sandbox, path: string, ref?: string): Promise<GitDiff> {
  const changes = await gitChanges(sandbox, ref);
  const { whole } = workspacePath(path);
  const change = changes.find((candidate) => candidate.path === whole);
  const { repository, inside } = await repositoryOf(sandbox, whole);
  const original = change?.original_path == null ? inside : inRepository(repository, change.original_path);
  const output = await git(sandbox, ["diff", repository, inside, original, ref ?? ""]);
  const [before, rest] = side(output);
  const [after] = side(rest);
  const hidden = [before, after].find((text) => text === "binary" || text === "large");
  const shown = (text: Side): string | null =>
    hidden === undefined && typeof text === "object" ? (text?.text ?? null) : null;
  return {
    original: shown(before),
    modified: shown(after),
    hidden: hidden === "binary" || hidden === "large" ? hidden : null,
  };
}

/**
 * The file is again as it was in `ref`, and gone where it was not there. A moved one is back where it was.
 * @throws AppError as {@link gitDiff}
 */
export async function gitRevert(sandbox: Sandbox, path: string, ref?: string): Promise<void> {
  const { whole } = workspacePath(path);
  const change = (await gitChanges(sandbox, ref)).find((candidate) => candidate.path === whole);
  const { repository, inside } = await repositoryOf(sandbox, whole);
  await git(sandbox, ["revert", repository, inside, ref ?? ""]);
  if (change?.original_path == null) return;
  await git(sandbox, ["revert", repository, inRepository(repository, change.original_path), ref ?? ""]);
}

/** The folder in the workspace itself where that is a repository, else the workspace. */
async function repositoryOf(
  sandbox: Sandbox,
  whole: string,
): Promise<{ repository: string; inside: string }> {
  const first = whole.split("/")[0] ?? "";
  const found = (await git(sandbox, ["which", first])).toString().trim();
  if (found === "none") throw new AppError("not_found", `${whole} is in no git repository.`);
  return found === "first" && whole !== first
    ? { repository: first, inside: inRepository(first, whole) }
    : { repository: ".", inside: whole };
}

const inRepository = (repository: string, path: string): string => posix.relative(repository, path);

type Side = { readonly text: string } | "binary" | "large" | null;

/** One side of a file, and what follows it. */
function side(output: Buffer): [Side, Buffer] {
  const end = output.indexOf(0x0a);
  const said = output.toString("latin1", 0, end);
  const rest = output.subarray(end + 1);
  if (said === "large") return ["large", rest];
  if (!/^\d+$/.test(said)) return [null, rest];
  const bytes = rest.subarray(0, Number(said));
  return [bytes.includes(0) ? "binary" : { text: bytes.toString() }, rest.subarray(Number(said))];
}

/** What stands behind the first line of the answer. */
async function git(sandbox: Sandbox, argv: readonly string[]): Promise<Buffer> {
  const script = await readFile(new URL("git.sh", import.meta.url), "utf8");
  const process = await sandbox.spawn(["sh", "-c", script, "sh", ...argv], {
    signal: AbortSignal.timeout(seconds * 1000),
  });
  process.stdin.on("error", () => undefined).end();
  process.stderr.resume();
  const output = await buffer(process.stdout);
  const end = output.indexOf(0x0a);
  const word = output.toString("latin1", 0, end);
  if (word === "ok") return output.subarray(end + 1);
  throw problem(word);
}

function problem(word: string): Error {
  const problems: Record<string, AppError> = {
    nogit: new AppError("unavailable", "The sandbox's image has no git."),
    norepository: new AppError("not_found", "This file is in no git repository."),
    noref: new AppError("not_found", "This repository has no such commit, branch or tag."),
    failed: new AppError("wrong_state", "git could not put this file back. Its folder may not be writable."),
  };
  return (
    problems[word] ?? new SandboxError(`git did not answer within ${seconds} seconds, or the sandbox ended.`)
  );
}

/**
 * The person's hand in a workspace: lists, reads, writes and packs its files, in the sandbox itself and as its user, so
 * that nothing but what the agent could reach as well is ever touched. See `files.sh`.
 */
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { posix } from "node:path";
import type { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { finished } from "node:stream/promises";
import { AppError, type FileEntry, type FileList } from "@openhands/protocol";
import { firstLine } from "../first-line.ts";
import { type Sandbox, SandboxError, type SandboxProcess } from "../sandbox.ts";
import { readTar } from "./read-tar.ts";
import { type WorkspacePath, workspacePath } from "./workspace-path.ts";

export interface FileContent {
  /** as it was when it was opened */
  readonly bytes: number;
  readonly name: string;
  /** To be called once, and read to its end or left. @throws SandboxError where it comes to less than `bytes` */
  readonly read: () => AsyncIterable<Uint8Array>;
}

export interface ArchiveEntry {
  /** from the packed folder on; folders end in a slash */
  readonly name: string;
  /** type and rights as Unix has them */
  readonly mode: number;
  /** a link's is where it leads */
  readonly content: AsyncIterable<string | Uint8Array>;
}

/** What is there already is replaced, or the new file gets a name of its own. */
export type Collision = "replace" | "upload";

const mostEntries = 10_000;
/** what a zip archive without 64-bit fields holds, in kilobytes, with some room for its directory */
const mostPacked = 4_000_000;
const pieceBytes = 256 * 1024;
const answerSeconds = 60;
const mostComplaints = 64 * 1024;

/** @throws AppError `not_found`, `forbidden`, `invalid` for paths that name no such thing in the workspace */
export async function listFolder(sandbox: Sandbox, path: string): Promise<FileList> {
  const place = workspacePath(path);
  const { process } = await start(sandbox, "list", itself(place));
  process.stdin.end();
  const lines = (await buffer(process.stdout)).toString().split("/\n").slice(0, -1);
  const entries = lines.map((line) => entryOf(place.whole, line));
  const inOrder = entries.toSorted(
    (a, b) => Number(b.type === "directory") - Number(a.type === "directory") || (a.name < b.name ? -1 : 1),
  );
  return { path: place.whole, items: inOrder.slice(0, mostEntries), truncated: entries.length > mostEntries };
}

/** @throws AppError as {@link listFolder} */
export async function openFile(sandbox: Sandbox, path: string): Promise<FileContent> {
  const place = workspacePath(path);
  const { process, said } = await start(sandbox, "read", place);
  process.stdin.end();
  const bytes = Number(said);
  return { bytes, name: place.name, read: () => wholeOf(process, bytes) };
}

async function* wholeOf(process: SandboxProcess, bytes: number): AsyncGenerator<Uint8Array> {
  let left = bytes;
  try {
    for await (const chunk of process.stdout) {
      left -= (chunk as Buffer).length;
      yield chunk as Buffer;
    }
    if (left > 0)
      throw new SandboxError("The file broke off: it became shorter meanwhile, or its sandbox ended.");
  } finally {
    if (left > 0) await process.kill("SIGKILL");
  }
}

/**
 * Whole or not at all, also where `content` breaks off. Folders on the way are made.
 * @returns the path that the file has now
 * @throws AppError as {@link listFolder}; whatever `content` throws
 */
export async function writeFile(
  sandbox: Sandbox,
  path: string,
  content: AsyncIterable<Uint8Array>,
  collision: Collision = "replace",
): Promise<string> {
  const place = workspacePath(path);
  const operation = collision === "replace" ? "write" : "upload";
  const { process } = await start(sandbox, operation, place, { wanted: "ready" });
  try {
    const ended = process.exit.then(() => true);
    for await (const chunk of content) {
      const sent = sendPiece(process, chunk).then(
        () => false,
        () => true,
      );
      if (await Promise.race([sent, ended])) break;
    }
    process.stdin.end("end\n");
  } catch (error) {
    await process.kill("SIGTERM");
    throw error;
  }
  const [word, ...name] = (await firstLine(process.stdout)).split(" ");
  process.stdout.resume();
  if (word !== "ok") throw problem(word ?? "", place);
  return posix.join(place.folder, name.join(" "));
}

/**
 * What lies in a folder, links as links, but for those that lead out of it; sockets and devices are left out. A text at
 * its end, `not-packed.txt`, says what could not be read.
 * @throws AppError as {@link listFolder}; `too_large`
 */
export async function archive(sandbox: Sandbox, path: string): Promise<AsyncIterable<ArchiveEntry>> {
  const place = workspacePath(path);
  const started = await start(sandbox, "archive", itself(place), { detail: String(mostPacked) });
  started.process.stdin.end();
  return entriesOf(started);
}

/** The place as a folder that is gone to. */
const itself = (place: WorkspacePath): WorkspacePath => ({ ...place, folder: place.whole, name: "." });

async function* entriesOf({ process, complaints }: Started): AsyncGenerator<ArchiveEntry> {
  const names = new Set<string>();
  try {
    for await (const { name, type, mode, target, content } of readTar(process.stdout)) {
      if (name.startsWith("not-packed")) names.add(name);
      if (type === "file") yield { name, mode: 0o100000 | mode, content };
      if (type === "directory" && name !== "") yield { name, mode: 0o040000 | mode, content };
      if (type === "symlink" && staysInside(name, target))
        yield { name, mode: 0o120777, content: only(target) };
    }
    const text = whatIsMissing(await complaints);
    if (text !== null) yield { name: freeName(names), mode: 0o100644, content: only(text) };
  } finally {
    await process.kill("SIGKILL");
  }
}

/** tar says of each what is wrong with it, and at its end that something was. */
function whatIsMissing(complaints: string): string | null {
  const lines = complaints.split("\n").map((line) => line.replace(/^tar: /, ""));
  const told = lines.filter((line) => line !== "" && !/^(exiting with|error exit)/i.test(line));
  if (told.length === 0) return null;
  return `These could not be packed, or not as they are:\n\n${told.join("\n")}\n`;
}

function freeName(names: ReadonlySet<string>): string {
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? "not-packed.txt" : `not-packed-${number}.txt`;
    if (!names.has(name)) return name;
  }
}

function staysInside(name: string, target: string): boolean {
  const end = posix.normalize(posix.join(posix.dirname(name), target));
  return !target.startsWith("/") && end !== ".." && !end.startsWith("../");
}

async function* only(text: string): AsyncGenerator<string> {
  yield text;
}

async function sendPiece({ stdin }: SandboxProcess, chunk: Uint8Array): Promise<void> {
  for (let at = 0; at < chunk.length; at += pieceBytes) {
    const piece = chunk.subarray(at, at + pieceBytes);
    stdin.write(`${piece.length}\n`);
    if (!stdin.write(piece)) await once(stdin, "drain");
  }
}

interface Started {
  readonly process: SandboxProcess;
  /** what stands behind the word */
  readonly said: string;
  /** what it says of what goes wrong, once it has ended; the beginning of it, where that is much */
  readonly complaints: Promise<string>;
}

interface StartOptions {
  /** the word that the answer must begin with; usually "ok" */
  readonly wanted?: string;
  readonly detail?: string;
}

/** Runs one operation up to the first line of its answer. */
async function start(
  sandbox: Sandbox,
  operation: string,
  place: WorkspacePath,
  { wanted = "ok", detail = randomBytes(8).toString("hex") }: StartOptions = {},
): Promise<Started> {
  const script = await readFile(new URL("files.sh", import.meta.url), "utf8");
  const argv = ["sh", "-c", script, "sh", operation, place.folder, place.name, detail];
  const process = await sandbox.spawn(argv);
  // who ends before it has read everything says why in its answer
  process.stdin.on("error", () => undefined);
  const complaints = beginningOf(process.stderr);
  const timer = setTimeout(() => void process.kill("SIGKILL").catch(() => undefined), answerSeconds * 1000);
  const [word, ...rest] = (await firstLine(process.stdout)).split(" ");
  clearTimeout(timer);
  if (word === wanted) return { process, said: rest.join(" "), complaints };
  process.stdin.end();
  process.stdout.resume();
  throw problem(word ?? "", place);
}

/** Reads all of it. Never rejects. */
async function beginningOf(stream: Readable): Promise<string> {
  const kept: Buffer[] = [];
  let left = mostComplaints;
  stream.on("data", (chunk: Buffer) => {
    if (left > 0) kept.push(chunk.subarray(0, left));
    left -= chunk.length;
  });
  await finished(stream).catch(() => undefined);
  return Buffer.concat(kept).toString();
}

function problem(word: string, { whole }: WorkspacePath): Error {
  const problems: Record<string, AppError> = {
    missing: new AppError("not_found", `There is no ${whole} in the workspace.`),
    outside: new AppError("forbidden", `${whole} leads out of the workspace.`),
    denied: new AppError("forbidden", `The sandbox may not use ${whole}: its owner or its rights forbid it.`),
    directory: new AppError("invalid", `${whole} is a folder.`),
    nofolder: new AppError("invalid", `${whole} lies under something that is no folder.`),
    special: new AppError("invalid", `${whole} is no ordinary file.`),
    failed: new AppError(
      "disk_full",
      `${whole} could not be written whole: there is no room for it, or it broke off.`,
    ),
    large: new AppError("too_large", `${whole} holds more than 4 GB. Download its folders one by one.`),
    notar: new AppError("unavailable", "The sandbox's image has no tar, which packs a folder."),
  };
  return problems[word] ?? new SandboxError("The sandbox ended, or did not answer in time. Try again.");
}

const kinds: Readonly<Record<number, FileEntry["type"]>> = {
  0o040000: "directory",
  0o100000: "file",
  0o120000: "symlink",
};

/** Of a line "mode size seconds ./name". */
function entryOf(folder: string, line: string): FileEntry {
  const [, mode = "0", size = "0", seconds = "0", name = ""] =
    /^(\S+) (\d+) (-?\d+) \.\/(.*)$/s.exec(line) ?? [];
  return {
    name,
    path: posix.join(folder, name),
    type: kinds[Number.parseInt(mode, 16) & 0o170000] ?? "other",
    size: Number(size),
    modified_at: new Date(Number(seconds) * 1000).toISOString(),
  };
}

/** The agent's `grep` and `glob`. They look at files where they are, inside the sandbox, through the resident helper. */
import {
  type GlobAction,
  type GlobObservation,
  type GrepAction,
  type GrepObservation,
  text,
} from "@openhands/protocol";
import type { Helper } from "../helper/helper.ts";
import type { Redact } from "../terminal/clip-redacted.ts";
import type { Search } from "../tools.ts";
import { globPattern, splitAbsolute } from "./glob-pattern.ts";
import { searchMessages } from "./search-messages.ts";
import { grepScript, listScript, mostLines, ripgrepScript } from "./search-scripts.ts";

/** Paths that are told of. */
const mostFiles = 100;
const longestLine = 320;

export function createSearch(helper: Helper, redact: Redact): Search {
  return {
    async glob(action, { signal }) {
      const { folder, pattern } = splitAbsolute(action.pattern);
      const listing = await list(helper, action.path ?? folder, signal);
      if (!listing) return globObservation(action, action.path ?? folder ?? ".", null);
      const wanted = globPattern(pattern);
      const found = listing.paths.filter((path) => wanted.test(path)).toSorted();
      return globObservation(
        action,
        listing.folder,
        found.map((path) => within(listing.folder, path)),
      );
    },
    async grep(action, { signal }) {
      const path = action.path ?? null;
      const include = action.include ?? null;
      const direct = await helper.pipe(ripgrepScript(path, action.pattern, include), "", signal);
      const output = direct === "no rg" ? await grepWithoutRipgrep(helper, action, signal) : direct;
      return grepObservation(action, output, redact);
    },
  };
}

interface Listing {
  readonly folder: string;
  /** from `folder` on */
  readonly paths: readonly string[];
}

/** @returns null where there is nothing to search */
async function list(helper: Helper, path: string | null, signal: AbortSignal): Promise<Listing | null> {
  const output = await helper.pipe(listScript(path), "", signal);
  const end = output.indexOf("\n");
  if (end === -1) return null;
  const paths = output.slice(end + 1).split("\0");
  // what stands behind the last zero byte was cut off
  return { folder: output.slice(0, end), paths: paths.slice(0, -1).map(plainPath) };
}

async function grepWithoutRipgrep(helper: Helper, action: GrepAction, signal: AbortSignal): Promise<string> {
  const path = action.path ?? null;
  const listing = await list(helper, path, signal);
  if (!listing) return "";
  const wanted = globPattern(action.include ?? "*");
  const paths = listing.paths.filter((candidate) => wanted.test(candidate)).toSorted();
  if (paths.length === 0) return `${listing.folder}\n`;
  const input = paths.map((candidate) => `./${candidate}\0`).join("");
  return await helper.pipe(grepScript(path, action.pattern), input, signal);
}

function globObservation(
  action: GlobAction,
  folder: string,
  found: readonly string[] | null,
): GlobObservation {
  const files = (found ?? []).slice(0, mostFiles);
  const truncated = (found?.length ?? 0) > files.length;
  return {
    kind: "GlobObservation",
    pattern: action.pattern,
    search_path: folder,
    files,
    truncated,
    is_error: found === null,
    content: [
      text(
        found === null
          ? searchMessages.noFolder(folder)
          : searchMessages.files(action.pattern, folder, { files, total: found.length }),
      ),
    ],
  };
}

interface Match {
  readonly path: string;
  readonly line: string;
  readonly content: string;
}

function grepObservation(action: GrepAction, output: string, redact: Redact): GrepObservation {
  const end = output.indexOf("\n");
  const folder = end === -1 ? (action.path ?? ".") : output.slice(0, end);
  const lines =
    end === -1
      ? []
      : output
          .slice(end + 1)
          .split("\n")
          .slice(0, -1);
  const all = lines.flatMap((line) => matchOf(folder, line, redact));
  const matches = all.slice(0, mostLines);
  const failed = end === -1 || (all.length === 0 && lines.length > 0);
  const files = [...new Set(matches.map(({ path }) => path))];
  const where = { pattern: action.pattern, folder, include: action.include ?? null };
  const truncated = all.length > matches.length;
  const found = searchMessages.matches(where, { blocks: blocksOf(matches), files, lines: matches.length });
  return {
    kind: "GrepObservation",
    pattern: action.pattern,
    search_path: folder,
    include_pattern: action.include ?? null,
    matches: files,
    line_count: matches.length,
    truncated,
    is_error: failed,
    content: [
      text(
        end === -1
          ? searchMessages.noFolder(folder)
          : failed
            ? searchMessages.failed(lines.join("\n"))
            : `${found}${truncated ? searchMessages.moreLines(mostLines) : ""}`,
      ),
    ],
  };
}

function matchOf(folder: string, line: string, redact: Redact): Match[] {
  const parts = /^(\.\/.*?):(\d+):(.*)$/s.exec(line);
  if (!parts) return [];
  const [, path = "", number = "", content = ""] = parts;
  // not every grep knows binary files
  const shown = content.includes("\0") ? "(binary)" : redact(content.replace(/\r$/, ""));
  return [
    {
      path: within(folder, plainPath(path)),
      line: number,
      content: shown.length > longestLine ? `${shown.slice(0, longestLine)}…` : shown,
    },
  ];
}

/** A file's name, and beneath it its lines with their numbers. */
function blocksOf(matches: readonly Match[]): string {
  const blocks: string[] = [];
  let last = "";
  for (const { path, line, content } of matches) {
    if (path !== last) blocks.push(path);
    last = path;
    blocks.push(`${line.padStart(6)}\t${content}`);
  }
  return blocks.join("\n");
}

const plainPath = (path: string): string => (path.startsWith("./") ? path.slice(2) : path);
const within = (folder: string, path: string): string => `${folder === "/" ? "" : folder}/${path}`;

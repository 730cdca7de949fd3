/** The agent's `grep` and `glob`. They look at files where they are, inside the sandbox, through the resident helper. */
import {
  type GlobAction,
  type GlobObservation,
  type GrepAction,
  type GrepObservation,
  text,
} from "@openhands/protocol";
import type { Helper } from "../helper/helper.ts";
import { shownPath } from "../shown-path.ts";
import type { Redact } from "../terminal/clip-redacted.ts";
import type { Search } from "../tools.ts";
import { globPattern } from "./glob-pattern.ts";
import { searchMessages } from "./search-messages.ts";
import { type Listing, type MatchingLine, readListing, readMatches } from "./search-output.ts";
import { grepScript, listScript, mostLines, ripgrepScript } from "./search-scripts.ts";
import { splitAbsolute } from "./split-absolute.ts";

/** Paths that are told of. */
const mostFiles = 100;
const longestLine = 320;
/** Characters. A script that holds a longer one could not be started. */
const longestPattern = 8192;

export function createSearch(helper: Helper, redact: Redact): Search {
  return {
    async glob(action, { signal }) {
      if (action.pattern.length > longestPattern)
        return globFailure(action, action.path ?? ".", searchMessages.tooLong(longestPattern));
      const { folder, pattern } = splitAbsolute(action.pattern);
      const path = action.path ?? folder;
      const listing = readListing(await helper.pipe(listScript(path), "", { signal }));
      if (!listing) return globFailure(action, path ?? ".", searchMessages.noFolder(path ?? "."));
      const wanted = globPattern(pattern);
      return globObservation(action, {
        ...listing,
        paths: listing.paths.filter((candidate) => wanted.test(candidate)).toSorted(),
      });
    },
    async grep(action, { signal }) {
      const path = action.path ?? null;
      const include = action.include ?? null;
      if (Math.max(action.pattern.length, include?.length ?? 0) > longestPattern)
        return grepFailure(action, path ?? ".", searchMessages.tooLong(longestPattern));
      const direct = await helper.pipe(ripgrepScript(path, action.pattern, include), "", { signal });
      const output = direct === "no rg" ? await grepWithoutRipgrep(helper, action, signal) : direct;
      return grepObservation(action, output, redact);
    },
  };
}

async function grepWithoutRipgrep(helper: Helper, action: GrepAction, signal: AbortSignal): Promise<string> {
  const path = action.path ?? null;
  const listing = readListing(await helper.pipe(listScript(path), "", { signal }));
  if (!listing) return "";
  const wanted = globPattern(action.include ?? "*");
  const paths = listing.paths.filter((candidate) => wanted.test(candidate)).toSorted();
  const unfinished = listing.isWhole ? "" : "\0\n";
  if (paths.length === 0) return `${listing.folder}\x000\0${unfinished}`;
  const input = paths.map((candidate) => `./${candidate}\0`).join("");
  return (await helper.pipe(grepScript(path, action.pattern), input, { signal })) + unfinished;
}

function globObservation(action: GlobAction, { folder, paths, isWhole }: Listing): GlobObservation {
  const files = paths.slice(0, mostFiles).map((path) => within(folder, path));
  const shown = { files: files.map(shownPath), total: paths.length };
  const found = searchMessages.files(action.pattern, shownPath(folder), shown);
  return {
    kind: "GlobObservation",
    pattern: action.pattern,
    search_path: folder,
    files,
    truncated: paths.length > files.length || !isWhole,
    is_error: false,
    content: [text(found + (isWhole ? "" : searchMessages.unfinished))],
  };
}

function globFailure(action: GlobAction, folder: string, why: string): GlobObservation {
  return {
    kind: "GlobObservation",
    pattern: action.pattern,
    search_path: folder,
    files: [],
    truncated: false,
    is_error: true,
    content: [text(why)],
  };
}

function grepObservation(action: GrepAction, output: string, redact: Redact): GrepObservation {
  const found = readMatches(output);
  const asked = action.path ?? ".";
  if (!found) {
    const why = output === "" ? searchMessages.noFolder(asked) : searchMessages.failed(output);
    return grepFailure(action, asked, why);
  }
  const { folder, binaries, isWhole, said } = found;
  if (found.lines.length === 0 && said !== "")
    return grepFailure(action, folder, searchMessages.failed(said));
  const lines = found.lines.slice(0, mostLines);
  const files = [...new Set(lines.map(({ path }) => within(folder, path)))];
  // one line more is asked for than is shown, and a name may take several
  const isClipped = found.lines.length > lines.length || output.split("\n").length > mostLines + 1;
  const where = { pattern: action.pattern, folder: shownPath(folder), include: action.include ?? null };
  const blocks = blocksOf(lines, folder, redact);
  const parts = [
    searchMessages.matches(where, { blocks, files, lines: lines.length }),
    isClipped ? searchMessages.moreLines(mostLines) : "",
    binaries.length > 0
      ? searchMessages.binaries(binaries.map((path) => shownPath(within(folder, path))))
      : "",
    isWhole ? "" : searchMessages.unfinished,
  ];
  return {
    kind: "GrepObservation",
    pattern: action.pattern,
    search_path: folder,
    include_pattern: action.include ?? null,
    matches: files,
    line_count: lines.length,
    truncated: isClipped || !isWhole,
    is_error: false,
    content: [text(parts.join(""))],
  };
}

function grepFailure(action: GrepAction, folder: string, why: string): GrepObservation {
  return {
    kind: "GrepObservation",
    pattern: action.pattern,
    search_path: folder,
    include_pattern: action.include ?? null,
    matches: [],
    line_count: 0,
    truncated: false,
    is_error: true,
    content: [text(why)],
  };
}

/** A file's name, and beneath it its lines with their numbers. */
function blocksOf(lines: readonly MatchingLine[], folder: string, redact: Redact): string {
  const blocks: string[] = [];
  let last = "";
  for (const { path, line, text: found } of lines) {
    if (path !== last) blocks.push(shownPath(within(folder, path)));
    last = path;
    blocks.push(`${line.padStart(6)}\t${shownLine(found, redact)}`);
  }
  return blocks.join("\n");
}

function shownLine(found: string, redact: Redact): string {
  // not every grep knows binary files
  if (found.includes("\0")) return "(binary)";
  const shown = redact(found.replace(/\r$/, ""));
  return shown.length > longestLine ? `${shown.slice(0, longestLine)}…` : shown;
}

const within = (folder: string, path: string): string => `${folder === "/" ? "" : folder}/${path}`;

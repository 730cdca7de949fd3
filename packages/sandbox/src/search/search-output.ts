/** What the scripts of a search print, taken apart. Paths are as the script says them, beneath the folder. Pure. */

export interface Listing {
  readonly folder: string;
  /** from `folder` on */
  readonly paths: readonly string[];
  /** false: the time was over, or there were too many */
  readonly isWhole: boolean;
}

export interface MatchingLine {
  /** from `folder` on */
  readonly path: string;
  readonly line: string;
  readonly text: string;
}

export interface Matches {
  readonly folder: string;
  readonly lines: readonly MatchingLine[];
  /** files that match somewhere, but are no text */
  readonly binaries: readonly string[];
  /** false: the time was over */
  readonly isWhole: boolean;
  /** what is none of this: a failure */
  readonly said: string;
}

/** @returns null where there was nothing to search */
export function readListing(output: string): Listing | null {
  const [folder, ...paths] = output.split("\0");
  if (folder === undefined || paths.length === 0) return null;
  // the last is empty, or was cut off; one line end alone says that the time was over
  const last = paths.pop();
  const isWhole = last === "";
  return { folder, paths: paths.filter((path) => path !== "").map(plainPath), isWhole };
}

/** @returns null where there was nothing to search */
export function readMatches(output: string): Matches | null {
  const header = /^([^\0]*)\0([:0])\0/.exec(output);
  if (!header) return null;
  const [whole, folder = "", separator] = header;
  const rest = output.slice(whole.length);
  return { folder, ...(separator === "0" ? linesBehindZeros(rest) : linesBehindColons(rest)) };
}

/** ripgrep's word on a file whose lines it keeps to itself */
const binaryFile =
  /(\.\/[^\0]*?): (?:WARNING: stopped searching binary file after match|binary file matches) \(found "\\0" byte around offset \d+\)\n/y;

function linesBehindZeros(output: string): Omit<Matches, "folder"> {
  const lines: MatchingLine[] = [];
  const binaries: string[] = [];
  let isWhole = true;
  let at = 0;
  while (at < output.length) {
    binaryFile.lastIndex = at;
    const binary = binaryFile.exec(output);
    const zero = output.indexOf("\0", at);
    const end = output.indexOf("\n", zero);
    if (binary) {
      binaries.push(plainPath(binary[1] ?? ""));
      at = binaryFile.lastIndex;
      continue;
    }
    if (zero === -1 || end === -1) break;
    const colon = output.indexOf(":", zero);
    if (zero === at) isWhole = false;
    else {
      const path = plainPath(output.slice(at, zero));
      lines.push({ path, line: output.slice(zero + 1, colon), text: output.slice(colon + 1, end) });
    }
    at = end + 1;
  }
  return { lines, binaries, isWhole, said: output.slice(at).trim() };
}

/** From a grep that puts a colon behind the name: a name that holds one and a number is not told from the shorter one. */
function linesBehindColons(output: string): Omit<Matches, "folder"> {
  const lines: MatchingLine[] = [];
  const others: string[] = [];
  for (const each of output.split("\n")) {
    const [, path, line = "", text = ""] = /^(\.\/.*?):(\d+):(.*)$/s.exec(each) ?? [];
    if (path === undefined) others.push(each);
    else lines.push({ path: plainPath(path), line, text });
  }
  const isWhole = !others.includes("\0");
  return { lines, binaries: [], isWhole, said: others.join("\n").replaceAll("\0", "").trim() };
}

const plainPath = (path: string): string => (path.startsWith("./") ? path.slice(2) : path);

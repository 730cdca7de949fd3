/**
 * How files are listed and searched inside the sandbox: with ripgrep where it is there, else with find and grep. Each
 * script prints the folder that it searched in a first line, and paths beneath it after that.
 */
import { quoted } from "../quoted.ts";

/** Lines of matches that are told of. */
export const mostLines = 200;

/** Bytes of a listing: some hundred thousand paths. */
const longestListing = 32 * 1024 * 1024;
const seconds = 20;
/**
 * Bytes of a matching line. Far more than is shown of it: a secret that the cut falls into is not found, so the cut must
 * not be seen.
 */
const longestMatch = 8192;

/** Folders that hold what others wrote or git itself keeps. */
const leftOut = ["'!.git'", "'!node_modules'"].map((glob) => `-g ${glob}`).join(" ");
const ripgrep = "rg --no-config --hidden --no-messages";

/** Goes to `path` (null: the workspace): `$target` is then "." or the one file. Prints nothing where there is none. */
function enter(path: string | null): string {
  return `path=${quoted(path ?? ".")}; limit=
command -v timeout >/dev/null 2>&1 && limit="timeout ${seconds}"
if [ -d "$path" ]; then cd "$path" || exit; target=.
elif [ -f "$path" ]; then target=./\${path##*/}; case $path in */*) cd "\${path%/*}/" || exit ;; esac
else exit; fi
pwd
`;
}

/** Prints each file's path, closed by a zero byte. */
export function listScript(path: string | null): string {
  return `${enter(path)}if command -v rg >/dev/null 2>&1; then
  $limit ${ripgrep} --files --null ${leftOut} "$target"
else
  $limit find "$target" \\( -name .git -o -name node_modules \\) -prune -o -type f -print0
fi 2>/dev/null | head -c ${longestListing}`;
}

/** Prints "path:line:text" for each matching line, or nothing but "no rg" where ripgrep is not there. */
export function ripgrepScript(path: string | null, pattern: string, include: string | null): string {
  const glob = include === null ? "" : `-g ${quoted(include)} `;
  return `command -v rg >/dev/null 2>&1 || { printf 'no rg'; exit; }
${enter(path)}$limit ${ripgrep} --no-heading -nH --color never --max-columns ${longestMatch} --max-columns-preview --sort path \\
  ${glob}${leftOut} -e ${quoted(pattern)} "$target" | head -n ${mostLines + 1}`;
}

/** The same with grep, for the paths that its input names, each closed by a zero byte. */
export function grepScript(path: string | null, pattern: string): string {
  return `${enter(path)}flags=-nHs
if echo a | grep -qI a 2>/dev/null; then flags=\${flags}I; fi
if echo 1 | grep -qP '\\d' 2>/dev/null; then flags=\${flags}P; else flags=\${flags}E; fi
$limit xargs -0 grep $flags -e ${quoted(pattern)} | head -n ${mostLines + 1}`;
}

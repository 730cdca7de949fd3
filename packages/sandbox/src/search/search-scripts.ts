/**
 * How files are listed and searched inside the sandbox: with ripgrep where it is there, else with find and grep. What a
 * script prints is read by `search-output.ts`. Names may hold anything but zero bytes, so these stand behind them.
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

/**
 * Goes to `path` (null: the workspace): `$target` is then "." or the one file. Prints the folder, or nothing where there
 * is none. `unfinished` says that the time was over.
 */
function enter(path: string | null): string {
  const given = path === null || path.startsWith("/") ? (path ?? ".") : `./${path}`;
  return `path=${quoted(given)}; limit=
command -v timeout >/dev/null 2>&1 && limit="timeout ${seconds}"
unfinished() { case $? in 124 | 143) printf '\\0\\n' ;; esac; }
if [ -d "$path" ]; then cd "$path" || exit; target=.
elif [ -f "$path" ]; then target=./\${path##*/}; case $path in */*) cd "\${path%/*}/" || exit ;; esac
else exit; fi
printf '%s\\0' "$PWD"
`;
}

/** Prints each file's path, closed by a zero byte. */
export function listScript(path: string | null): string {
  return `${enter(path)}{ if command -v rg >/dev/null 2>&1; then
  $limit ${ripgrep} --files --null ${leftOut} "$target"
else
  $limit find "$target" \\( -name .git -o -name node_modules \\) -prune -o -type f -print0
fi; unfinished; } 2>/dev/null | head -c ${longestListing}`;
}

/**
 * Prints "0", a zero byte, and path, zero byte, "line:text" for each matching line, or nothing but "no rg" where ripgrep
 * is not there.
 */
export function ripgrepScript(path: string | null, pattern: string, include: string | null): string {
  const glob = include === null ? "" : `-g ${quoted(include)} `;
  return `command -v rg >/dev/null 2>&1 || { printf 'no rg'; exit; }
${enter(path)}printf '0\\0'
{ $limit ${ripgrep} --no-heading -nH --null --color never --max-columns ${longestMatch} --max-columns-preview \\
  --sort path ${glob}${leftOut} -e ${quoted(pattern)} "$target"; unfinished; } | head -n ${mostLines + 1}`;
}

/**
 * The same with grep, for the paths that its input names, each closed by a zero byte. A grep that knows no zero bytes
 * puts a colon behind the path; that is said in place of the "0".
 */
export function grepScript(path: string | null, pattern: string): string {
  return `${enter(path)}flags=-nHs separator=:
if echo a | grep -qI a 2>/dev/null; then flags=\${flags}I; fi
if echo a | grep -qZ a 2>/dev/null; then flags=\${flags}Z separator=0; fi
if echo 1 | grep -qP '\\d' 2>/dev/null; then flags=\${flags}P; else flags=\${flags}E; fi
printf '%s\\0' "$separator"
{ $limit xargs -0 grep $flags -e ${quoted(pattern)}; unfinished; } | cut -b 1-${longestMatch} | head -n ${mostLines + 1}`;
}

/** Lines as `cat -n` prints them. */
export function numberLines(lines: readonly string[], first = 1): string {
  return lines.map((line, index) => `${String(first + index).padStart(6)}\t${line}`).join("\n");
}

/** Lines shown before and after what was edited. */
const context = 4;

/** The lines of `lines` round those from `from` to `to` (numbers from 1, both included), numbered. */
export function snippet(lines: readonly string[], from: number, to: number): string {
  const first = Math.max(1, from - context);
  return numberLines(lines.slice(first - 1, to + context), first);
}

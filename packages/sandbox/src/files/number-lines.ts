/** Lines as `cat -n` prints them. */
export function numberLines(lines: readonly string[], first = 1): string {
  return lines.map((line, index) => `${String(first + index).padStart(6)}\t${line}`).join("\n");
}

/** `820`, `12 k`, `1.2 M`. */
export function tokenWords(tokens: number): string {
  if (tokens < 1_000) return String(tokens);
  if (tokens < 999_500) return `${Math.round(tokens / 1_000)} k`;
  return `${(tokens / 1_000_000).toFixed(1)} M`;
}

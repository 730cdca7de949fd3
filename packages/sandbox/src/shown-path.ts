/** A path on one line of what the model is told: a name may hold line ends and other control characters. */
export function shownPath(path: string): string {
  return path.replaceAll(/\p{Cc}/gu, (character) =>
    character === "\n"
      ? String.raw`\n`
      : String.raw`\x${character.charCodeAt(0).toString(16).padStart(2, "0")}`,
  );
}

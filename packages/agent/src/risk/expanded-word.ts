import type { Word, WordPart } from "unbash";

const byShell: ReadonlySet<WordPart["type"]> = new Set<WordPart["type"]>([
  "SimpleExpansion",
  "ParameterExpansion",
  "CommandExpansion",
  "ProcessSubstitution",
  "BraceExpansion",
]);
const globs: ReadonlySet<WordPart["type"]> = new Set<WordPart["type"]>(["Glob", "ExtendedGlob"]);

/** Only running it tells what `word` comes to: `$tool`, `"$(which git)"`, `pu{sh,ll}`. */
export const isExpanded = (word: Word): boolean => has(word.parts, byShell);

/** What `word` comes to hangs on the files that are there: `/usr/bin/g?t`. */
export const isGlob = (word: Word): boolean => has(word.parts, globs);

function has(parts: readonly WordPart[] | undefined, kinds: ReadonlySet<WordPart["type"]>): boolean {
  return (
    parts?.some(
      (part) =>
        kinds.has(part.type) ||
        ((part.type === "DoubleQuoted" || part.type === "LocaleString") && has(part.parts, kinds)),
    ) ?? false
  );
}

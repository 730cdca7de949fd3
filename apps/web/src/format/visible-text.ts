/**
 * Characters that are not seen, or that turn round the order of what follows: with them a text can read differently
 * from what it does. Line ends and tabs are seen.
 */
const hidden = /(?![\n\t])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** `text` with such characters written out, e.g. `\u{202e}`: what a person is asked to allow must read as it is. */
export function visibleText(text: string): string {
  return text.replace(hidden, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);
}

/** `C-c` and the like: the letter of a key pressed with Control; `C-[` is Escape. */
const controlKey = /^C-([a-zA-Z[\\\]])$/;

export interface TypedInput {
  /** what the terminal is sent */
  readonly bytes: string;
  /** the letter, upper case, where it was a key with Control */
  readonly control: string | null;
}

/** Input as the model writes it: a key on its own, or text that is followed by Enter. */
export function typedInput(input: string): TypedInput {
  const letter = controlKey.exec(input.trim())?.[1]?.toUpperCase();
  if (!letter) return { bytes: `${input.replaceAll("\n", "\r")}\r`, control: null };
  return { bytes: String.fromCharCode(letter.charCodeAt(0) & 0x1f), control: letter };
}

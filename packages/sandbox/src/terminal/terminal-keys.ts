/** `C-c` and the like: the letter of a key pressed with Control; `C-[` is Escape. */
const controlKey = /^C-([a-zA-Z[\\\]])$/;

/** Keys by the names that OpenHands' terminal tool has for them. */
const namedKeys: ReadonlyMap<string, string> = new Map([
  ["ENTER", "\r"],
  ["TAB", "\t"],
  ["BS", "\x7f"],
  ["ESC", "\x1b"],
  ["PGUP", "\x1b[5~"],
  ["PGDN", "\x1b[6~"],
]);

/** Keys that a terminal sends in another way to a program that has asked for it; their last letters. */
const cursorKeys: ReadonlyMap<string, string> = new Map([
  ["UP", "A"],
  ["DOWN", "B"],
  ["RIGHT", "C"],
  ["LEFT", "D"],
  ["HOME", "H"],
  ["END", "F"],
]);

export interface TypedInput {
  /** what the terminal is sent */
  readonly bytes: string;
  /** the letter, upper case, where it was a key with Control */
  readonly control: string | null;
}

/**
 * Input as the model writes it: a key on its own, or text that is followed by Enter.
 * @param wantsApplicationKeys whether the program has asked for the other kind of cursor keys
 */
export function typedInput(input: string, wantsApplicationKeys: boolean): TypedInput {
  const name = input.trim();
  const letter = controlKey.exec(name)?.[1]?.toUpperCase();
  if (letter) return { bytes: String.fromCharCode(letter.charCodeAt(0) & 0x1f), control: letter };
  const cursor = cursorKeys.get(name);
  if (cursor) return { bytes: `\x1b${wantsApplicationKeys ? "O" : "["}${cursor}`, control: null };
  return { bytes: namedKeys.get(name) ?? `${input.replaceAll("\n", "\r")}\r`, control: null };
}

/** Random files of every encoding that the editor knows, as lists of characters with their bytes, and a plain model of an edit. */
export type Random = () => number;
/** a character as it is shown, and as it stands in the file */
export type Unit = readonly [shown: string, bytes: Buffer];

export interface Kind {
  readonly mark: readonly number[];
  /** characters that may stand anywhere; the first ones are put into every file, so that its encoding can be told */
  readonly alphabet: readonly string[];
  readonly encode: (text: string) => Buffer;
  readonly strays?: readonly Unit[];
}

const ascii = "abc xyz\t{}()=;\"'01".split("");
const table = (label: string, characters: readonly (readonly number[])[]): Map<string, Buffer> =>
  new Map(
    characters.map((value) => [new TextDecoder(label).decode(Uint8Array.from(value)), Buffer.from(value)]),
  );
const withTable = (letters: Map<string, Buffer>) => (text: string) =>
  Buffer.concat(Array.from(text, (character) => letters.get(character) ?? Buffer.from(character)));

const pairs = [0xc4e3, 0xbac3, 0xcac0, 0xbde7, 0xa3ac, 0xd6d0].map((pair) => [pair >> 8, pair & 0xff]);
const hanzi = table("gbk", pairs);
const western = table("windows-1252", [[0xe9], [0xfc], [0xdf], [0x93], [0x80]]);
const russian = table("windows-1251", [[0xef], [0xf0], [0xe8], [0xe2], [0xe5], [0xf2]]);
const utf8 = (text: string): Buffer => Buffer.from(text);
const utf16 = (text: string): Buffer => Buffer.from(text, "utf16le");

export const kinds: Readonly<Record<string, Kind>> = {
  "UTF-8": { mark: [], alphabet: ["é", "漢", "😀", ...ascii], encode: utf8 },
  "UTF-8 with mark": { mark: [0xef, 0xbb, 0xbf], alphabet: ["é", "漢", ...ascii], encode: utf8 },
  "UTF-16 LE": { mark: [0xff, 0xfe], alphabet: ["é", "漢", "😀", ...ascii], encode: utf16 },
  "UTF-16 BE": { mark: [0xfe, 0xff], alphabet: ["é", ...ascii], encode: (text) => utf16(text).swap16() },
  "windows-1252": { mark: [], alphabet: ["é", "ü x", "ß e", "“", "€", ...ascii], encode: withTable(western) },
  "windows-1251": { mark: [], alphabet: ["привет", "рев", "прет", ...ascii], encode: withTable(russian) },
  GBK: { mark: [], alphabet: [...hanzi.keys(), ...ascii], encode: withTable(hanzi) },
  "UTF-8 with stray bytes": {
    mark: [],
    alphabet: ["é", "漢", "😀", "漢é漢", ...ascii],
    encode: utf8,
    strays: [["ÿ", Buffer.from([0xff])]],
  },
};

/** `from` and `to` in characters as shown; a new line end is of the kind that its line has, or the one before. */
export function editedUnits(
  kind: Kind,
  units: readonly Unit[],
  { from, to, typed }: { from: number; to: number; typed: string },
): readonly Unit[] {
  const places: number[] = [];
  let shown = 0;
  for (const [text] of units) {
    places.push(shown);
    shown += text.length;
  }
  const lineEnds = units.flatMap(([text, bytes], index) =>
    text === "\n" ? [{ at: places[index] ?? 0, bytes }] : [],
  );
  const lineEnd = (lineEnds.find(({ at }) => at >= from) ?? lineEnds.at(-1))?.bytes ?? kind.encode("\n");
  const lines = typed
    .split("\n")
    .flatMap((line, index): Unit[] => [
      ...(index > 0 ? [["\n", lineEnd] as const] : []),
      ...unitsOf(kind, line),
    ]);
  const part = (keep: (at: number) => boolean): Unit[] =>
    units.filter((__, index) => keep(places[index] ?? 0));
  return [...part((at) => at < from), ...lines, ...part((at) => at >= to)];
}

export function randomFile(kind: Kind, random: Random): readonly Unit[] {
  const lineEnds = [["\n"], ["\r\n"], ["\n", "\r\n"]][below(random, 3)] ?? [];
  const units: Unit[] = kind.alphabet.slice(0, 3).flatMap((text) => unitsOf(kind, text));
  for (let line = below(random, 12); line > 0; line -= 1) {
    units.push(...unitsOf(kind, randomText(kind, random, 20, ascii.length)));
    if (kind.strays && random() < 0.2) units.push(...kind.strays, ...unitsOf(kind, "漢é"));
    const lineEnd = lineEnds[below(random, lineEnds.length)] ?? "\n";
    units.push(["\n", kind.encode(lineEnd)]);
  }
  return random() < 0.5 ? units : [...units, ...unitsOf(kind, randomText(kind, random, 5))];
}

const unitsOf = (kind: Kind, text: string): Unit[] =>
  Array.from(text, (character) => [character, kind.encode(character)]);

export function randomText(kind: Kind, random: Random, length: number, from = 0): string {
  const letters = from === 0 ? [...kind.alphabet, "\n"] : kind.alphabet;
  return Array.from({ length: below(random, length + 1) }, () => letters[below(random, letters.length)]).join(
    "",
  );
}

export const shownOf = (units: readonly Unit[]): string => units.map(([text]) => text).join("");
export const bytesOf = (kind: Kind, units: readonly Unit[]): Buffer =>
  Buffer.concat([Buffer.from(kind.mark), ...units.map(([, bytes]) => bytes)]);

export const below = (random: Random, limit: number): number => Math.floor(random() * limit);

/** Numbers from 0 to 1, always the same ones for a seed. */
export function randomFrom(seed: number): Random {
  let state = (seed + 1) * 0x9e3779b1;
  return () => {
    state = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x7f4a7c15;
    return ((state ^ (state >>> 13)) >>> 0) / 2 ** 32;
  };
}

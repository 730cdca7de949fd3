/** The forms in which a secret travels through commands, requests and files. */

export interface Form {
  readonly text: string;
  /** may have line breaks anywhere within */
  readonly breakable: boolean;
}

/** Every form of `value`, each once. */
export function formsOf(value: string): Form[] {
  const wellFormed = value.toWellFormed();
  const plain = new Set([
    value,
    // a terminal ends lines with a carriage return too
    value.replaceAll(/\r?\n/g, "\r\n"),
    // its bytes, where each is taken for a character
    Buffer.from(value).toString("latin1"),
    ...jsonForms(value),
    ...urlForms(wellFormed),
  ]);
  const base64 = new Set(base64Forms(wellFormed));
  return [
    ...[...plain].map((text) => ({ text, breakable: false })),
    ...[...base64].map((text) => ({ text, breakable: true })),
  ];
}

/** As JSON text, as JSON text within JSON text, and as encoders write it that keep to ASCII. */
function jsonForms(value: string): string[] {
  const once = JSON.stringify(value).slice(1, -1);
  const twice = JSON.stringify(once).slice(1, -1);
  const ascii = once.replaceAll(
    /[\u0080-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  return [once, twice, ascii, once.replaceAll("/", "\\/")];
}

function urlForms(value: string): string[] {
  const component = encodeURIComponent(value);
  const strict = component.replaceAll(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  const form = new URLSearchParams([["", value]]).toString().slice(1);
  const upper = [component, strict, form, encodeURI(value)];
  const lower = upper.map((text) => text.replaceAll(/%[0-9A-F]{2}/g, (escape) => escape.toLowerCase()));
  return [...upper, ...lower];
}

/**
 * On its own, and within a longer input: there the value begins at byte 0, 1 or 2 of a group of three, and only the
 * digits that hold nothing but its bits are always the same.
 */
function base64Forms(value: string): string[] {
  const bytes = Buffer.from(value);
  const alone = bytes.toString("base64");
  const within = [0, 1, 2].map((offset) => {
    const digits = Buffer.concat([Buffer.alloc(offset), bytes]).toString("base64");
    return digits.slice(Math.ceil((offset * 8) / 6), Math.floor(((offset + bytes.length) * 8) / 6));
  });
  return [alone, ...within].flatMap((text) => [text, text.replaceAll("+", "-").replaceAll("/", "_")]);
}

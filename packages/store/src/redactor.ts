/**
 * Takes secret values out of whatever leaves: the log, the sockets, exports, the server's own log lines. A value is
 * found as it is and in the forms it travels in (`secret-forms.ts`); what overlaps is hidden as one.
 */
import { secretHidden } from "@openhands/protocol";
import { mapStrings } from "./map-strings.ts";
import { type Form, formsOf } from "./secret-forms.ts";
import type { RedactingStream, Redactor } from "./store.ts";
import { isStructural } from "./structural-words.ts";

const leastLength = 8;
/** A whole image in base64: it is long, and a chance match would break it. */
const imageData = /^data:image\/[\w.+-]+;base64,[A-Za-z0-9+/]*={0,2}$/;
/** Encoders break base64 into lines; the break may stand in the text as a JSON escape. */
const lineBreaks = /(?:[\r\n]|\\+[rn])+/g;

/** What is hidden: from `start` up to and without `end`. */
interface Span {
  readonly start: number;
  end: number;
}

export function createRedactor(): Redactor {
  const values = new Set<string>();
  const forms: Form[] = [];
  /** characters of the shortest form: most strings of an event are shorter, and hold none */
  let shortest = Number.POSITIVE_INFINITY;

  function add(value: string): boolean {
    // a key pasted with a line end behind it is used, and shown, without it
    const trimmed = value.trim();
    if (trimmed.length < leastLength || isStructural(trimmed)) return false;
    if (values.has(trimmed)) return true;
    values.add(trimmed);
    forms.push(...formsOf(trimmed));
    shortest = Math.min(...forms.map((form) => form.text.length));
    return true;
  }

  function text(value: string): string {
    return value.length < shortest ? value : hide(value, findSpans(value, forms));
  }

  function json<T>(value: T): T {
    if (forms.length === 0) return value;
    return mapStrings(value, (string) => (imageData.test(string) ? string : text(string)));
  }

  function undecidedEnd(value: string): number {
    if (forms.length === 0) return 0;
    return value.length - decidedLength(value, findSpans(value, forms), forms);
  }

  function stream(): RedactingStream {
    let held = "";
    return {
      push(chunk) {
        held += chunk;
        if (forms.length === 0) return take(held.length);
        const spans = findSpans(held, forms);
        return take(decidedLength(held, spans, forms), spans);
      },
      held: () => held,
      end: () => take(held.length, findSpans(held, forms)),
    };

    function take(length: number, spans: readonly Span[] = []): string {
      const before = spans.filter((span) => span.end <= length);
      const taken = hide(held.slice(0, length), before);
      held = held.slice(length);
      return taken;
    }
  }

  return { add, text, json, undecidedEnd, stream };
}

/** Where secrets stand in `text`, in order; overlapping ones are one span. */
function findSpans(text: string, forms: readonly Form[]): Span[] {
  const found: Span[] = [];
  const unbroken = withoutBreaks(text);
  for (const form of forms) {
    const { length } = form.text;
    for (const at of placesOf(form.text, text)) found.push({ start: at, end: at + length });
    if (!form.breakable || unbroken.text === text) continue;
    for (const at of placesOf(form.text, unbroken.text)) {
      found.push({ start: unbroken.original(at), end: unbroken.original(at + length - 1) + 1 });
    }
  }
  return found.length < 2 ? found : merge(found);
}

function* placesOf(form: string, text: string): Generator<number> {
  for (let at = text.indexOf(form); at >= 0; at = text.indexOf(form, at + 1)) yield at;
}

function merge(found: readonly Span[]): Span[] {
  const spans: Span[] = [];
  for (const span of found.toSorted((a, b) => a.start - b.start)) {
    const previous = spans.at(-1);
    if (previous === undefined || previous.end <= span.start) spans.push({ ...span });
    else previous.end = Math.max(previous.end, span.end);
  }
  return spans;
}

/** `text` without line breaks, and the way from a place in it back to the place in `text`. */
function withoutBreaks(text: string): { text: string; original(index: number): number } {
  let breaks: RegExpExecArray[] | null = null;
  return {
    text: text.replaceAll(lineBreaks, ""),
    original(index) {
      // most texts hold no secret, and an output may have as many line breaks as letters
      breaks ??= [...text.matchAll(lineBreaks)];
      let place = index;
      for (const found of breaks) {
        if (found.index > place) break;
        place += found[0].length;
      }
      return place;
    },
  };
}

function hide(text: string, spans: readonly Span[]): string {
  if (spans.length === 0) return text;
  let result = "";
  let from = 0;
  for (const span of spans) {
    result += text.slice(from, span.start) + secretHidden;
    from = span.end;
  }
  return result + text.slice(from);
}

/**
 * How much of `text` can be told apart from secrets whatever follows: up to the first place that may be the start of a
 * secret cut off by the end, and not within a span that such a place lies in.
 */
function decidedLength(text: string, spans: readonly Span[], forms: readonly Form[]): number {
  const tail = openTail(text, Math.max(0, ...forms.map((form) => form.text.length)));
  let decided = text.length - tail.length + firstOpenPlace(tail, forms);
  for (const span of spans.toReversed()) {
    if (span.end > decided) decided = Math.min(decided, span.start);
  }
  return decided;
}

/** The end of `text` in which a secret that is cut off must begin: as long as the longest form, line breaks not counted. */
function openTail(text: string, longest: number): string {
  for (let size = 2 * longest + 8; size < text.length; size *= 2) {
    const tail = text.slice(-size);
    if (withoutBreaks(tail).text.length > longest + 2) return tail;
  }
  return text;
}

function firstOpenPlace(text: string, forms: readonly Form[]): number {
  // a line break of base64 may itself be cut in two, between \ and n
  const unbroken = withoutBreaks(text);
  const tail = unbroken.text.replace(/\\+$/, "");
  let open = text.length;
  for (const form of forms) {
    const at = openPlace(text, form.text);
    if (at >= 0) open = Math.min(open, at);
    const unbrokenAt = form.breakable && tail !== text ? openPlace(tail, form.text) : -1;
    if (unbrokenAt >= 0) open = Math.min(open, unbroken.original(unbrokenAt));
  }
  return open;
}

/** The first place whose rest is a true beginning of `form`, or -1. */
function openPlace(text: string, form: string): number {
  const first = form.charAt(0);
  const from = Math.max(0, text.length - form.length + 1);
  for (let at = text.indexOf(first, from); at >= 0; at = text.indexOf(first, at + 1)) {
    if (form.startsWith(text.slice(at))) return at;
  }
  return -1;
}

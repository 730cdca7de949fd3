/**
 * A glob for paths: `*` `?` `[a-z]` `{a,b}` and, over folders, `**`. It is followed through a path character by
 * character with all the places where it may stand at once, so that no glob and no name takes more than their lengths
 * multiplied: a regular expression could stand still for hours on `*a*a*a*b`. Pure.
 */
export interface GlobPattern {
  test(path: string): boolean;
}

type Accepts = (character: string) => boolean;

/** `accepts`: what takes one character and goes on behind it; null: goes on at all of `next` without one. */
interface Place {
  readonly accepts: Accepts | null;
  readonly next: number[];
}

export function globPattern(glob: string): GlobPattern {
  // without a folder it is meant for the name, wherever the file is
  const anchored = glob.includes("/") ? glob.replace(/^\.?\//, "") : `**/${glob}`;
  const places = placesOf(anchored);
  return { test: (path) => leadsThrough(places, path) };
}

const tokens = /\*\*\/|\*\*|\*|\?|\[[!^]?\]?[^\]/]*\]|\{|\}|,|\\.|[^]/gu;

const any: Accepts = () => true;
const withinName: Accepts = (character) => character !== "/";
const exactly =
  (wanted: string): Accepts =>
  (character) =>
    character === wanted;

function placesOf(glob: string): readonly Place[] {
  const places: Place[] = [];
  /** the braces that are open: where they began, and the ends of their alternatives */
  const open: { readonly start: Place; readonly ends: Place[] }[] = [];
  const take = (accepts: Accepts): void => void places.push({ accepts, next: [places.length + 1] });
  const go = (...next: number[]): Place => {
    const place = { accepts: null, next };
    places.push(place);
    return place;
  };
  const repeat = (accepts: Accepts): void => {
    const start = places.length;
    go(start + 1, start + 3);
    take(accepts);
    go(start);
  };
  const close = (): void => {
    for (const end of open.pop()?.ends ?? []) end.next.push(places.length);
  };
  const read = (token: string): void => {
    const [innermost] = open.slice(-1);
    if (token === "**/") {
      go(places.length + 1, places.length + 5);
      repeat(any);
      take(exactly("/"));
    } else if (token === "**") repeat(any);
    else if (token === "*") repeat(withinName);
    else if (token === "?") take(withinName);
    else if (token === "{") open.push({ start: go(places.length + 1), ends: [] });
    else if (token === "}" && innermost) close();
    else if (token === "," && innermost) {
      innermost.ends.push(go());
      innermost.start.next.push(places.length);
    } else
      take(
        token.length > 2 && token.startsWith("[") ? oneOf(token) : exactly(token.replace(/^\\(?=.)/su, "")),
      );
  };
  for (const [token] of glob.matchAll(tokens)) read(token);
  while (open.length > 0) close();
  return places;
}

/** @param token e.g. `[a-z_]` or `[!a-z]` */
function oneOf(token: string): Accepts {
  const [, negation, members = ""] = /^\[([!^]?)(.*)\]$/su.exec(token) ?? [];
  const ranges = Array.from(members.matchAll(/([^])-([^])|([^])/gu), ([, from, to, single]) => [
    from ?? single ?? "",
    to ?? single ?? "",
  ]);
  return (character) =>
    character !== "/" &&
    ranges.some(([from = "", to = ""]) => from <= character && character <= to) !== (negation !== "");
}

function leadsThrough(places: readonly Place[], path: string): boolean {
  const reachable = (from: readonly number[]): Set<number> => {
    const found = new Set(from);
    // a set is walked through to what is added meanwhile
    for (const index of found) {
      const place = places[index];
      if (place?.accepts === null) for (const next of place.next) found.add(next);
    }
    return found;
  };
  let here = reachable([0]);
  for (const character of path) {
    const passed: number[] = [];
    for (const index of here) {
      const place = places[index];
      if (place?.accepts?.(character)) passed.push(...place.next);
    }
    if (passed.length === 0) return false;
    here = reachable(passed);
  }
  return here.has(places.length);
}

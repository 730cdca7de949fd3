/** A thousand random edits of random files, against a plain model: the file as a list of characters with their bytes. */
import { expect, test } from "vitest";
import {
  below,
  bytesOf,
  editedUnits,
  type Kind,
  kinds,
  type Random,
  randomFile,
  randomFrom,
  randomText,
  shownOf,
  type Unit,
} from "../../test/random-files.ts";
import { changedSpan, insertion, linesOf, occurrences } from "./find-edit.ts";
import { TextFile } from "./text-file.ts";

test.each(Object.entries(kinds))("%s: 125 random edits change their span and no other byte", (_, kind) => {
  for (let seed = 0; seed < 125; seed += 1) {
    const random = randomFrom(seed);
    const units = randomFile(kind, random);
    const before = bytesOf(kind, units);
    const file = TextFile.from(before);
    expect(file?.text, `seed ${seed}`).toBe(shownOf(units));
    if (!file) continue;
    const start = below(random, units.length + 1);
    const end = Math.min(units.length, start + below(random, 12));
    const typed = randomText(kind, random, 8);
    const edited =
      random() < 0.5 ? replaced(file, units, { start, end, typed }) : inserted(file, random, typed);
    expect(edited, `seed ${seed}`).not.toBeNull();
    if (edited) expect(edited.now.equals(edited.model(kind, units)), `seed ${seed}`).toBe(true);
  }
});

interface Edited {
  readonly now: Buffer;
  /** the same edit done on the list of characters */
  model(kind: Kind, units: readonly Unit[]): Buffer;
}

/** As `str_replace` does it, the span found again by its text where that is unique. */
function replaced(
  file: TextFile,
  units: readonly Unit[],
  { start, end, typed }: { start: number; end: number; typed: string },
): Edited | null {
  const wanted = shownOf(units.slice(start, end));
  const at = shownOf(units.slice(0, start)).length;
  const unique = wanted !== "" && occurrences(file.text, wanted).length === 1;
  if (unique) expect(occurrences(file.text, wanted)).toEqual([at]);
  const span = changedSpan(at, wanted, typed);
  const now = file.splice(span.start, span.end, span.replacement)?.bytes;
  const head = Math.max(span.start - at, 0);
  return now === undefined
    ? null
    : {
        now,
        model: (kind, all) =>
          bytesOf(kind, editedUnits(kind, all, { from: at + head, to: span.end, typed: span.replacement })),
      };
}

function inserted(file: TextFile, random: Random, typed: string): Edited | null {
  const span = insertion(file.text, below(random, linesOf(file.text).length + 1), typed);
  const now = span && file.splice(span.start, span.end, span.replacement)?.bytes;
  if (!span || !now) return null;
  return {
    now,
    model: (kind, units) =>
      bytesOf(kind, editedUnits(kind, units, { from: span.start, to: span.end, typed: span.replacement })),
  };
}

import { expect, test } from "vitest";
import { ByteWindow } from "./byte-window.ts";

test.each([
  [["ab"], "ab", 0],
  [["abcd", "e"], "bcde", 1],
  [["ab", "cdefgh"], "efgh", 4],
  [["a", "b", "c", "d", "e", "f"], "cdef", 2],
  [["abc", "def", "ghi"], "fghi", 5],
])("a window of four bytes holds of %j the last", (pieces, held, dropped) => {
  const window = new ByteWindow(4);
  const drops = pieces.map((piece) => window.push(Buffer.from(piece)));
  expect(drops.reduce((sum, drop) => sum + drop, 0)).toBe(dropped);
  expect(window.take().toString()).toBe(held);
  window.push(Buffer.from("new"));
  expect(window.take().toString()).toBe("new");
});

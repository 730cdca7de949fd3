import { expect, test } from "vitest";
import { byteWords } from "./bytes.ts";

test.each([
  [0, "0 bytes"],
  [999, "999 bytes"],
  [83_400, "83 kB"],
  [1_440_000, "1.4 MB"],
])("%i is %s", (bytes, words) => {
  expect(byteWords(bytes)).toBe(words);
});

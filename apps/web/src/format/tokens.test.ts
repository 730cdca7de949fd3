import { expect, test } from "vitest";
import { tokenWords } from "./tokens.ts";

test.each([
  [0, "0"],
  [820, "820"],
  [12_400, "12 k"],
  [999_999, "1.0 M"],
  [1_200_000, "1.2 M"],
])("%i is %s", (tokens, words) => {
  expect(tokenWords(tokens)).toBe(words);
});

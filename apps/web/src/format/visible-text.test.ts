import { expect, test } from "vitest";
import { visibleText } from "./visible-text.ts";

test("what can be seen stays, line ends and tabs with it", () => {
  expect(visibleText("echo 'ä 猫 🎉'\n\tls -la")).toBe("echo 'ä 猫 🎉'\n\tls -la");
});

test.each([
  ["rm \u202egpj.x", "rm \\u{202e}gpj.x"],
  ["a\u200bb", "a\\u{200b}b"],
  ["echo 1\rrm", "echo 1\\u{d}rm"],
  ["\u001b[8mhidden", "\\u{1b}[8mhidden"],
])("%j reads as what it is", (text, visible) => {
  expect(visibleText(text)).toBe(visible);
});

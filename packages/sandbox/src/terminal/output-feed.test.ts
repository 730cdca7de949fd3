import { expect, test } from "vitest";
import { OutputFeed } from "./output-feed.ts";

/** What comes out of `text`, cut into pieces of `size` bytes. */
function fed(text: string, size: number, longest?: number): string {
  let all = "";
  const feed = new OutputFeed((part) => (all += part), longest);
  const bytes = Buffer.from(text);
  for (let from = 0; from < bytes.length; from += size) feed.push(bytes.subarray(from, from + size));
  feed.end(bytes.subarray(-8));
  return all;
}

const sizes = [1, 2, 3, 7, 1000];

test.each(sizes)("characters and sequences cut into pieces of %i bytes are whole again, or gone", (size) => {
  const printed =
    "\u001b[1;31mred\u001b[0m \u00e9\u{1f600}\r\n\u001b]0;a title\u0007tab\there\u0000\u0007\r\n\u001b(Bplain\u001b=";
  expect(fed(printed, size)).toBe("red \u00e9\u{1f600}\ntab\there\nplain");
});

test.each(sizes)("each state of a line that is written over has a line, in pieces of %i bytes", (size) => {
  expect(fed("10%\r50%\r\u001b[K100%\r\r\ndone\r\n", size)).toBe("10%\n50%\n100%\ndone\n");
});

test("past its limit only the end follows, and what is missing is told", () => {
  expect(fed("0123456789abcdefghijklmnop", 5, 10)).toBe(
    "0123456789\n[... 8 bytes of output were not kept ...]\nijklmnop",
  );
  expect(fed("0123456789abcdef", 5, 10)).toBe("0123456789abcdef");
});

test("a sequence that never ends does not hold the output back", () => {
  const endless = `\u001b]${"x".repeat(10_000)}`;
  expect(fed(`before ${endless}`, 100)).toContain("x".repeat(5000));
});

import { expect, test } from "vitest";
import { markdownBlocks } from "./markdown-blocks.ts";

test("paragraphs and headings are blocks of their own", () => {
  expect(markdownBlocks("One\ntwo\n\n# Three\n\n\n**Four**").map((block) => block.trim())).toEqual([
    "One\ntwo",
    "# Three",
    "**Four**",
  ]);
});

test.each(["- one\n\n- two", "1. one\n\n   more\n\n2. two", "> one\n\n> two", "| a |\n|---|\n\n| b |"])(
  "what a blank line does not end stays together: %j",
  (text) => {
    expect(markdownBlocks(text)).toEqual([text]);
  },
);

test("a blank line in a fence cuts nothing, until the fence has ended", () => {
  const code = "````ts\nconst x = 1;\n\n```\n\nconst y = 2;\n````";
  expect(markdownBlocks(`${code}\n\nThen`).map((block) => block.trim())).toEqual([code, "Then"]);
  expect(markdownBlocks("~~~\none\n\ntwo")).toHaveLength(1);
});

test("as a text grows, all blocks but the last stay as they were", () => {
  const text = "First.\n\n- a\n- b\n\nSecond *one*.\n\n```\ncode\n\nmore\n```\n\nEnd";
  for (let length = 1; length < text.length; length += 1) {
    const before = markdownBlocks(text.slice(0, length)).slice(0, -1);
    expect(markdownBlocks(text).slice(0, before.length)).toEqual(before);
  }
});

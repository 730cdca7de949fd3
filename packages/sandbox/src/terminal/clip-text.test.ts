import { describe, expect, test } from "vitest";
import { clipText } from "./clip-text.ts";

describe("clipText", () => {
  test("leaves what fits", () => {
    expect(clipText("x".repeat(100), "…", 100)).toEqual({ text: "x".repeat(100), kept: null, omitted: 0 });
  });

  test("keeps whole lines at either end", () => {
    const lines = Array.from({ length: 100 }, (_, index) => `line ${index}`);
    const { text, kept } = clipText(lines.join("\n"), "\n…\n", 120);
    const [head = "", tail = ""] = text.split("\n…\n");
    expect(text.length).toBeLessThanOrEqual(120);
    expect(lines.slice(0, kept?.first).join("\n")).toBe(head);
    expect(lines.slice(-(kept?.last ?? 0)).join("\n")).toBe(tail);
  });

  test("cuts a line without ends, but no character in two", () => {
    for (const limit of [100, 101, 102, 103]) {
      const { text } = clipText("😀".repeat(500), "|", limit);
      expect(text.length).toBeLessThanOrEqual(limit);
      expect(text).toMatch(/^(😀)+\|(😀)+$/u);
    }
  });
});

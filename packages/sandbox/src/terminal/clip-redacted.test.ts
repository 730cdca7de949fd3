import { describe, expect, test } from "vitest";
import { clipRedacted } from "./clip-redacted.ts";

const secret = "correct-horse-battery-staple";
const hidden = "<hidden>";
const redact = (text: string): string => text.replaceAll(secret, hidden);
/** Any beginning or end of the secret that tells something of it. */
const traces = /correct|corre|horse|battery|staple|ple\b/;

describe.each([
  ["some tens of thousands", 50_000],
  ["a million", 1_000_000],
])("a text of %s characters", (_, length) => {
  test.each(["head", "tail"])("tells nothing of a secret wherever the cut at its %s falls", (side) => {
    const limit = 1000;
    const half = Math.floor((limit - 1) / 2);
    for (let offset = 0; offset <= secret.length; offset += 1) {
      const before = "x".repeat(half - offset);
      const after = "x".repeat(length - before.length - secret.length);
      const text = side === "head" ? before + secret + after : after + secret + before;
      const clipped = clipRedacted(text, redact, "|", limit);
      expect(clipped.text).not.toMatch(traces);
      expect(clipped.text.length).toBeLessThanOrEqual(limit);
      expect(clipped.omitted).toBeGreaterThan(length - limit - secret.length);
    }
  });

  test("tells nothing where it is secrets and nothing else, which become shorter by being hidden", () => {
    const text = secret.repeat(Math.ceil(length / secret.length));
    expect(clipRedacted(text, redact, "|", 1000).text).not.toMatch(traces);
    expect(clipRedacted(`x${text}x`, redact, "|", 1000).text).not.toMatch(traces);
  });
});

test("a short text is redacted too", () => {
  expect(clipRedacted(`a ${secret} b`, redact)).toEqual({ text: `a ${hidden} b`, kept: null, omitted: 0 });
});

test("of a long text no more is searched than can be shown", () => {
  let searched = 0;
  const counting = (text: string): string => {
    searched += text.length;
    return text;
  };
  clipRedacted("x".repeat(4_000_000), counting);
  expect(searched).toBeLessThan(400_000);
});

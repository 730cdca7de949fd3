import { describe, expect, test } from "vitest";
import { AnswerReader, encodeRequest, escapeArgument } from "./helper-frames.ts";

describe("requests", () => {
  test("hold no blank, line end or backslash of their arguments", () => {
    expect(escapeArgument("/a b\\c\n'é")).toBe("/a\\0040b\\0134c\\0012\\0047\\0303\\0251");
    expect(encodeRequest("n", { operation: "read", args: ["/x", ""] }).toString()).toBe("n read - =/x =\n");
  });

  test("carry long content behind the line", () => {
    const content = Buffer.alloc(5000, "x");
    const laid = (body: Buffer): string =>
      encodeRequest("n", { operation: "lay", args: ["name"], body }).toString();
    expect(laid(content)).toBe(`n lay 5000 =name\n${content.toString()}`);
    expect(laid(Buffer.from("a\0"))).toBe("n lay =a\\0000 =name\n");
  });
});

describe("AnswerReader", () => {
  const answer = "pay\nload\n0123 ok\n\nnonce done\n";

  test.each([1, 3, 1000])("finds the end in pieces of %i bytes", (pieceLength) => {
    const reader = new AnswerReader("nonce");
    const found = [];
    for (let from = 0; from < answer.length; from += pieceLength) {
      found.push(reader.push(Buffer.from(answer.slice(from, from + pieceLength))));
    }
    expect(found.slice(0, -1).every((result) => result === null)).toBe(true);
    expect(found.at(-1)).toEqual({ status: "done", payload: Buffer.from("pay\nload\n0123 ok\n") });
  });

  test("reads an empty payload", () => {
    expect(new AnswerReader("n").push(Buffer.from("\nn ok\n"))).toEqual({
      status: "ok",
      payload: Buffer.alloc(0),
    });
  });
});

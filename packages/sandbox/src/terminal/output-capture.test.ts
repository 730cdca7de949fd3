import { describe, expect, test } from "vitest";
import { OutputCapture } from "./output-capture.ts";

const limits = { headBytes: 8, tailBytes: 8, contextBytes: 6 };

describe("OutputCapture", () => {
  test("keeps all that fits, whatever its pieces", () => {
    const capture = new OutputCapture(limits);
    for (const piece of ["ab", "cdefghij", "klm"]) capture.push(Buffer.from(piece));
    expect(capture.take()).toMatchObject({ head: Buffer.from("abcdefghijklm"), omitted: 0 });
  });

  test("keeps whole lines at either end and counts the rest", () => {
    const capture = new OutputCapture(limits);
    const all = Array.from({ length: 100 }, (_, index) => `${String(index).padStart(2, "0")}\n`);
    for (const line of all) capture.push(Buffer.from(line));
    const { head, tail, omitted } = capture.take();
    expect(head.toString()).toBe("00\n01\n");
    expect(tail.toString()).toBe("98\n99\n");
    expect(head.length + tail.length + omitted).toBe(300);
  });

  test("keeps back what is not decided, and gives it with what follows", () => {
    const capture = new OutputCapture(limits);
    capture.push(Buffer.from("one\nsec"));
    const first = capture.take((end) => (end.toString().endsWith("sec") ? 3 : 0));
    expect(first.head.toString()).toBe("one\n");
    capture.push(Buffer.from("ret"));
    const { shown, head } = capture.take();
    expect(shown.toString() + head.toString()).toBe("one\nsecret");
    expect(head.toString()).toBe("secret");
  });

  test("starts anew with the last lines as context", () => {
    const capture = new OutputCapture(limits);
    capture.push(Buffer.from("one\ntwo\n3%"));
    capture.take();
    capture.push(Buffer.from("\r4%"));
    expect(capture.take()).toMatchObject({ shown: Buffer.from("3%"), head: Buffer.from("\r4%") });
  });
});

import { expect, test } from "vitest";
import { OutputCapture } from "./output-capture.ts";
import { readOutput } from "./read-output.ts";

test.each([
  ["one\r\n\r\ntwo\r\n\r\n\r\n", "one\n\ntwo"],
  ["\r\n\r\n  one", "\n  one"],
  ["\r\n", ""],
  ["\r\n\r\n\r\n", ""],
  ["", ""],
])("the first line end and all of the last ones are left out of %j", async (printed, shown) => {
  const capture = new OutputCapture();
  capture.push(Buffer.from(printed));
  expect((await readOutput(capture.take(), (text) => text)).text).toBe(shown);
});

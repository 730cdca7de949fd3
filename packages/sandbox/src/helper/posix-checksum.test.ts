import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { posixChecksum } from "./posix-checksum.ts";

test.each([0, 1, 3, 4, 255, 256, 65_537, 300_001])("is what cksum prints of %i bytes", (length) => {
  const bytes = randomBytes(length);
  const [sum, size] = execFileSync("cksum", { input: bytes }).toString().trim().split(" ");
  expect(posixChecksum(bytes)).toBe(`${sum}:${size}`);
});

test("of a part of a larger buffer, too", () => {
  const bytes = Buffer.from("0123456789");
  expect(posixChecksum(bytes.subarray(3, 8))).toBe(posixChecksum(Buffer.from("34567")));
});

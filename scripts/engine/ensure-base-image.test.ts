import { expect, it } from "vitest";
import { baseImageOf } from "./ensure-base-image.ts";

it("finds the image that a Dockerfile begins with", () => {
  expect(baseImageOf("# FROM nothing\n\nFROM debian:bookworm-slim AS base\nFROM other\n")).toBe(
    "debian:bookworm-slim",
  );
  expect(() => baseImageOf("RUN true\n")).toThrow(/FROM/);
});

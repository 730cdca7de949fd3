import { expect, it } from "vitest";
import { sideBySide } from "./side-by-side.ts";
import type { Touch } from "./tool.ts";

const read = (resource: string): Touch => ({ resource, mode: "read" });
const write = (resource: string): Touch => ({ resource, mode: "write" });
const groups = (...calls: readonly (readonly Touch[])[]): number[] =>
  sideBySide(calls, (call) => call).map((group) => group.length);

it("lets those run together that only read, or touch different things", () => {
  expect(groups([read("/a")], [read("/a")], [read("*")], [])).toEqual([4]);
  expect(groups([write("/a")], [write("/b")], [read("/c")])).toEqual([3]);
});

it("keeps the order where one writes what another touches", () => {
  expect(groups([write("/a")], [read("/a")])).toEqual([1, 1]);
  expect(groups([read("/a")], [write("*")], [read("/a")])).toEqual([1, 1, 1]);
  expect(groups([write("*")], [write("*")])).toEqual([1, 1]);
  expect(groups([read("/a")], [read("/b")], [write("/a")], [read("/b")])).toEqual([2, 2]);
});

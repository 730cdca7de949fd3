import { expect, test } from "vitest";
import { globPattern } from "./glob-pattern.ts";
import { splitAbsolute } from "./split-absolute.ts";

test.each([
  ["*.ts", ["a.ts", "x/y/a.ts", ".hidden/a.ts"], ["a.tsx", "ts"]],
  ["src/*.ts", ["src/a.ts"], ["src/x/a.ts", "other/src/a.ts"]],
  ["src/**/*.{ts,tsx}", ["src/a.ts", "src/x/y/b.tsx"], ["src/a.js", "a.ts"]],
  ["**/test_?.py", ["test_1.py", "x/test_a.py"], ["test_10.py", "x/test_/.py"]],
  ["[!a-c]*.md", ["d.md"], ["a.md", "b.md"]],
  ["./*.ts", ["a.ts"], ["x/a.ts"]],
  ["a+(b).{x}", ["a+(b).x"], ["aab.x"]],
  ["[z-a]*", [], ["z"]],
  ["[]x-]", ["]", "-", "x"], ["a"]],
  ["{a,b{c,d}}.x", ["a.x", "bc.x", "bd.x"], ["b.x"]],
  ["😀?", ["😀😀"], ["😀"]],
  ["a\nb*", ["a\nb\nc"], ["a"]],
  ["docs/**", ["docs/a", "docs/x/y"], ["docs", "doc/a"]],
  ["a}b,c", ["a}b,c"], ["ab"]],
  ["{a", ["a"], ["{a"]],
  [String.raw`\*.ts`, ["*.ts"], ["a.ts"]],
])("%s", (glob, matching, others) => {
  const pattern = globPattern(glob);
  expect(matching.filter((path) => !pattern.test(path))).toEqual([]);
  expect(others.filter((path) => pattern.test(path))).toEqual([]);
});

test.each([
  ["*.ts", null, "*.ts"],
  ["/w/src/**/*.ts", "/w/src", "./**/*.ts"],
  ["/w/a.ts", "/w", "./a.ts"],
  ["/*", "/", "./*"],
])("%s in its folder", (glob, folder, pattern) => {
  expect(splitAbsolute(glob)).toEqual({ folder, pattern });
});

test("no pattern takes for ever", () => {
  const name = "a".repeat(4000);
  expect(globPattern(`${"*a".repeat(40)}b`).test(name)).toBe(false);
  expect(globPattern(`${"**/".repeat(40)}b`).test("a/".repeat(2000))).toBe(false);
  expect(globPattern(`${"{a,*}".repeat(40)}b`).test(name)).toBe(false);
});

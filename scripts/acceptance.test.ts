/** The table of acceptance cases names tests that exist. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const cells = readFileSync("docs/acceptance.md", "utf8")
  .split("\n")
  .filter((line) => line.startsWith("| ") && !line.startsWith("| case |"))
  .map((line) => line.split(/(?<!\\)\|/).map((cell) => cell.trim().replaceAll("\\|", "|")));

describe("the table of acceptance cases", () => {
  it("has rows of four cells", () => {
    expect(cells.length).toBeGreaterThan(0);
    expect(cells.filter((row) => row.length !== 6)).toEqual([]);
  });

  const rows = cells.map(([, cases, , file, title]) => ({ cases, file: file ?? "", title }));
  it.each(rows)("$cases is shown in $file", ({ file, title }) => {
    expect(titlesIn(file)).toContain(title);
  });
});

/** What stands in quotes behind an opening bracket: the names of tests, among others. */
function titlesIn(file: string): string[] {
  return [...readFileSync(file, "utf8").matchAll(/\(\s*(["'`])(.+?)\1,/g)].map((match) => match[2] ?? "");
}

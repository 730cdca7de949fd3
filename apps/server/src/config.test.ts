import { expect, test } from "vitest";
import { usage, variables } from "./config.ts";

test.each(variables)("--help tells of %s", (name) => {
  expect(usage).toMatch(new RegExp(`\\b${name}\\b`));
});

import { expect, test } from "vitest";
import { understand } from "../understand.ts";
import { defaultTools } from "./registry.ts";

const understood = (input: Record<string, unknown>) =>
  understand({ id: "c", name: "file_editor", arguments: JSON.stringify(input) }, defaultTools);

test("takes a line's number as text, too, and no word", () => {
  const insert = { command: "insert", path: "/workspace/a", new_str: "x" };
  expect(understood({ ...insert, insert_line: "3" }).action).toMatchObject({ insert_line: 3 });
  expect(understood({ ...insert, insert_line: "x" })).toMatchObject({
    action: null,
    error: expect.stringMatching(/insert_line/),
  });
});

test("takes null for what a command has no use for", () => {
  const view = {
    command: "view",
    path: "/workspace/a",
    file_text: null,
    insert_line: null,
    view_range: null,
  };
  expect(understood(view).action).toMatchObject({ insert_line: null, view_range: null });
});

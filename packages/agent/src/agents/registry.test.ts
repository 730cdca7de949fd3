import { expect, it } from "vitest";
import { understand } from "../understand.ts";
import { agentNamed, agents } from "./registry.ts";

const { tools } = agentNamed("ReadOnlyAgent");

it("the agent that only looks has no tool that writes, and can't be talked into one", () => {
  expect(tools.filter((tool) => tool.effect === "write" || tool.effect === "execute")).toEqual([]);
  const edit = {
    id: "1",
    name: "file_editor",
    arguments: '{"command":"create","path":"/a","file_text":"x"}',
  };
  expect(understand(edit, tools).action).toBeNull();
  const view = { ...edit, arguments: '{"command":"view","path":"/a"}' };
  expect(understand(view, tools).action).toMatchObject({ command: "view" });
  expect(understand({ ...edit, name: "terminal", arguments: '{"command":"ls"}' }, tools).action).toBeNull();
});

it("a name that is not ours is the default", () => {
  expect(agentNamed("Agent").name).toBe("CodeActAgent");
  expect(new Set(agents.map(({ name }) => name)).size).toBe(agents.length);
});

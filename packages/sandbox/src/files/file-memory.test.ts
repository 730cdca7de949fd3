import type { FileEditorObservation, FileEditUndo } from "@openhands/protocol";
import { expect, test } from "vitest";
import { FileMemory } from "./file-memory.ts";

const undo = (before: string, removed = ""): FileEditUndo => ({ at: 0, inserted: 1, removed, before });

function observed(path: string, changes: Partial<FileEditorObservation>): FileEditorObservation {
  return {
    kind: "FileEditorObservation",
    command: "str_replace",
    path,
    content: [],
    is_error: false,
    prev_exist: true,
    file_hash: "now",
    ...changes,
  };
}

test("edits are taken back from the last one on, and a view forgets none", () => {
  const memory = new FileMemory();
  memory.push(observed("/a", { undo: undo("1") }));
  memory.push(observed("/a", { undo: undo("2") }));
  memory.push(observed("/a", { command: "view" }));
  expect(memory.lastEdit("/a")?.before).toBe("2");
  memory.push(observed("/a", { command: "undo_edit" }));
  expect(memory.lastEdit("/a")?.before).toBe("1");
  memory.push(observed("/a", { command: "undo_edit" }));
  expect(memory.lastEdit("/a")).toBeNull();
});

test("an edit too large to be kept ends what can be taken back", () => {
  const memory = new FileMemory();
  memory.push(observed("/a", { undo: undo("1") }));
  memory.push(observed("/a", { undo: null }));
  expect(memory.lastEdit("/a")).toBeNull();
});

test("one file is one file however its path is written", () => {
  const memory = new FileMemory();
  memory.push(observed("/w/./x/../a", { undo: undo("1") }));
  expect(memory.lastEdit("/w/a")?.before).toBe("1");
  expect(memory.hashSeen("/w//a")).toBe("now");
});

test("what failed, and what other tools saw, changes nothing", () => {
  const memory = new FileMemory();
  memory.push(observed("/a", { is_error: true }));
  memory.push({ kind: "Other", path: "/a", file_hash: "x", content: [], is_error: false });
  expect(memory.hashSeen("/a")).toBeNull();
});

test("memory is bounded: files seen long ago are forgotten first", () => {
  const memory = new FileMemory();
  const large = "A".repeat(64 * 1024);
  for (let file = 0; file < 500; file += 1) memory.push(observed(`/${file}`, { undo: undo("1", large) }));
  expect(memory.lastEdit("/0")).toBeNull();
  expect(memory.lastEdit("/499")).not.toBeNull();
  for (let file = 0; file < 2000; file += 1) memory.push(observed(`/s${file}`, { command: "view" }));
  expect(memory.hashSeen("/s0")).toBeNull();
  expect(memory.hashSeen("/s1999")).toBe("now");
});

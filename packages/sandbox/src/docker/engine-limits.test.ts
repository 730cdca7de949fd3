import { expect, it } from "vitest";
import { ConversationId } from "@openhands/protocol";
import { engineNotes, heldLimits } from "./engine-limits.ts";

const spec = {
  conversationId: ConversationId.parse("0".repeat(32)),
  workspace: "/nowhere",
  cacheFolder: null,
  image: null,
  memoryMb: 300,
  cpus: null,
  processes: 1024,
  network: "on",
  user: "owner",
} as const;

it("says which limits an engine can't hold, and holds a conversation to none of them", () => {
  const info = { MemoryLimit: false, SwapLimit: false, PidsLimit: true, CpuCfsQuota: true };
  expect(engineNotes(info)[0]).toContain("does not limit memory, swap:");
  expect(heldLimits(spec, info)).toEqual({
    memory_mb: null,
    processes: 1024,
    missing: expect.stringContaining("memory"),
  });
});

it("says what no engine can hold", () => {
  const notes = engineNotes({ MemoryLimit: true, SecurityOptions: ["name=seccomp,profile=default"] });
  expect(notes.join(" ")).toMatch(/disk.*169\.254\.169\.254/);
  expect(heldLimits(spec, {})).toEqual({ memory_mb: 300, processes: 1024, missing: null });
  expect(engineNotes({ SecurityOptions: [] })[0]).toContain("seccomp");
});

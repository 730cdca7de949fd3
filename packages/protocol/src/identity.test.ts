import { describe, expect, it } from "vitest";
import { ConversationId, eventIdFor, seqOfEventId } from "./identity.ts";

describe("event ids", () => {
  it("carry their seq, sort by it and are valid UUIDs of version 8", () => {
    const seqs = [0, 1, 255, 4096, 2 ** 40];
    const ids = seqs.map((seq) => eventIdFor(seq, crypto.randomUUID()));
    expect(ids.map(seqOfEventId)).toEqual(seqs);
    expect(ids.toSorted()).toEqual(ids);
    for (const id of ids)
      expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  it("differ for the same seq", () => {
    expect(new Set(Array.from({ length: 100 }, () => eventIdFor(7, crypto.randomUUID()))).size).toBe(100);
  });

  it("of another make carry none", () => {
    expect(seqOfEventId("3f2504e0-4f89-41d3-9a0c-0305e82c3301")).toBeNull();
    expect(seqOfEventId("nonsense")).toBeNull();
  });
});

describe("conversation ids", () => {
  it("take dashes and upper case", () => {
    expect(ConversationId.parse("3F2504E0-4F89-41D3-9A0C-0305E82C3301")).toBe(
      "3f2504e04f8941d39a0c0305e82c3301",
    );
  });

  it("refuse anything that could be a path", () => {
    for (const id of ["", "../../etc", "3f25", `${"a".repeat(31)}/`])
      expect(ConversationId.safeParse(id).success).toBe(false);
  });
});

import { expect, it } from "vitest";
import { requestDigest } from "./request-digest.ts";

const digest = requestDigest({ title: "One", tags: { a: "1", b: "2" } });

it("is the same for the same fields in another order", () => {
  expect(requestDigest({ tags: { b: "2", a: "1" }, title: "One" })).toBe(digest);
});

it.each([
  { title: "Two", tags: { a: "1", b: "2" } },
  { title: "One", tags: { a: "1", b: "3" } },
  { title: "One", tags: { a: "1", b: "2" }, secrets: { TOKEN: "a value" } },
])("is another for %j", (request) => {
  expect(requestDigest(request)).not.toBe(digest);
});

it("tells nothing of a secret's value", () => {
  const withKey = (value: string) =>
    requestDigest({ secrets: { TOKEN: value }, agent: { llm: { model: "openai/gpt-4o", api_key: value } } });
  expect(withKey("short-01")).toBe(withKey("short-02"));
});

import type { Prompt } from "@openhands/models";
import { attachmentReference } from "@openhands/protocol";
import { expect, it } from "vitest";
import { withAttachments } from "./with-attachments.ts";

const name = `${"ab".repeat(32)}.png`;
const bytes = new Uint8Array([1, 2, 3]);
const read = async (asked: string): Promise<Uint8Array | null> => (asked === name ? bytes : null);

const file = (url: string) =>
  ({ type: "file", mediaType: "image/*", data: { type: "url", url: new URL(url) } }) as const;
const loaded = { type: "file", mediaType: "image/png", data: { type: "data", data: "AQID" } };
const text = { type: "text", text: "look" } as const;

const inResult = (...value: ReturnType<typeof file>[]): Prompt => [
  {
    role: "tool",
    content: [
      {
        type: "tool-result",
        toolCallId: "c",
        toolName: "t",
        output: { type: "content", value: [text, ...value] },
      },
    ],
  },
];

it("references in messages and in results become the bytes that they stand for", async () => {
  const reference = file(attachmentReference(name));
  expect(await withAttachments([{ role: "user", content: [text, reference] }], read)).toEqual([
    { role: "user", content: [text, loaded] },
  ]);
  const [message] = await withAttachments(inResult(reference), read);
  expect(message).toMatchObject({ content: [{ output: { value: [text, loaded] } }] });
});

it("one that is gone is told as text, and does not break the request", async () => {
  const reference = file(attachmentReference(`${"cd".repeat(32)}.png`));
  expect(await withAttachments([{ role: "user", content: [reference] }], read)).toEqual([
    { role: "user", content: [{ type: "text", text: "[An image that can't be read was here.]" }] },
  ]);
});

it("what refers to nothing is passed on as it is", async () => {
  const prompt: Prompt = [
    { role: "system", content: "be kind" },
    { role: "user", content: [text, file("https://example.org/a.png")] },
    ...inResult(file("https://example.org/b.png")),
  ];
  const same = await withAttachments(prompt, read);
  expect(same.every((message, index) => message === prompt[index])).toBe(true);
});

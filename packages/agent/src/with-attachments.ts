import type { Prompt } from "@openhands/models";
import { attachmentName, attachmentType } from "@openhands/protocol";

type Message = Prompt[number];
type UserPart = Extract<Message, { role: "user" }>["content"][number];
type ToolPart = Extract<Message, { role: "tool" }>["content"][number];
type ToolOutput = Extract<ToolPart, { type: "tool-result" }>["output"];

/** What stands for an image in the request when its file is gone. */
const gone: UserPart = { type: "text", text: "[An image that can't be read was here.]" };

/**
 * `prompt` with the bytes of images in the place of references to them. They are read for each request and held by
 * nothing afterwards.
 */
export async function withAttachments(
  prompt: Prompt,
  read: (name: string) => Promise<Uint8Array | null>,
): Promise<Prompt> {
  async function part<T extends UserPart>(given: T): Promise<T | UserPart> {
    if (given.type !== "file" || given.data.type !== "url") return given;
    const name = attachmentName(given.data.url.href);
    if (name === null) return given;
    const bytes = await read(name);
    if (bytes === null) return gone;
    // in base64, as images in the log are: some providers put results into JSON as they are
    const data = Buffer.from(bytes).toString("base64");
    return { type: "file", mediaType: attachmentType(name), data: { type: "data", data } };
  }

  async function output(given: ToolOutput): Promise<ToolOutput> {
    if (given.type !== "content") return given;
    const value = given.value.map(async (item) => (item.type === "file" ? await part(item) : item));
    return { ...given, value: await Promise.all(value) };
  }

  async function message(given: Message): Promise<Message> {
    if (given.role === "user") return { ...given, content: await Promise.all(given.content.map(part)) };
    if (given.role !== "tool") return given;
    const content = given.content.map(async (item) =>
      item.type === "tool-result" ? { ...item, output: await output(item.output) } : item,
    );
    return { ...given, content: await Promise.all(content) };
  }

  const whole: Prompt = [];
  // one after the other: what waits for nothing costs nothing, and a long history is all but one of that
  for (const each of prompt) whole.push(refers(each) ? await message(each) : each);
  return whole;
}

/** Most messages refer to nothing, and are passed on as they are. */
function refers(message: Message): boolean {
  if (message.role === "user") return message.content.some(isReference);
  if (message.role !== "tool") return false;
  return message.content.some(
    (part) =>
      part.type === "tool-result" && part.output.type === "content" && part.output.value.some(isReference),
  );
}

function isReference(part: { readonly type: string; readonly data?: unknown }): boolean {
  const { data } = part;
  if (part.type !== "file" || typeof data !== "object" || data === null || !("url" in data)) return false;
  return data.url instanceof URL && attachmentName(data.url.href) !== null;
}

/** What is left out or kept as one: a message, an answer, or calls with their results, which are never parted. */
import type { Prompt } from "@openhands/models";
import { clipText } from "@openhands/sandbox";

export type Message = Prompt[number];
export type ToolResult = Extract<
  Extract<Message, { role: "tool" }>["content"][number],
  { type: "tool-result" }
>;

export interface Entry {
  /** of the events that it was made of; of a summary, `{id}-summary` */
  readonly ids: readonly string[];
  /** of the newest of them */
  readonly seq: number;
  readonly kind: "person" | "words" | "calls" | "summary";
  readonly messages: readonly Message[];
  /** as `sizeOf` counts them */
  readonly size: number;
}

/** An image counts as so many characters, whatever its bytes: providers charge it by its area, 1,000 to 1,600 tokens. */
const imageSize = 5000;
/** What the wire puts round a message or a part of one. */
const frameSize = 40;

export function entryOf(entry: Omit<Entry, "size">): Entry {
  return { ...entry, size: entry.messages.reduce((sum, message) => sum + sizeOf(message), 0) };
}

export const sizeOfAll = (entries: readonly Entry[]): number =>
  entries.reduce((sum, { size }) => sum + size, 0);

/** Characters that a message comes to in a request, roughly. */
export function sizeOf(message: Message): number {
  if (message.role === "system") return frameSize + message.content.length;
  return message.content.reduce<number>((sum, part) => sum + frameSize + partSize(part), frameSize);
}

type Part = Exclude<Message, { role: "system" }>["content"][number];

function partSize(part: Part): number {
  switch (part.type) {
    case "text":
    case "reasoning":
      return part.text.length;
    case "tool-call":
      return part.toolName.length + JSON.stringify(part.input).length;
    case "tool-result":
      return outputSize(part.output);
    default:
      return imageSize;
  }
}

function outputSize(output: ToolResult["output"]): number {
  if (output.type === "text" || output.type === "error-text") return output.value.length;
  if (output.type !== "content") return JSON.stringify(output).length;
  return output.value.reduce(
    (sum, part) => sum + frameSize + (part.type === "text" ? part.text.length : imageSize),
    0,
  );
}

const clipped = "\n[… left out here to make room; run it again if you need it …]\n";
const dropped = "[This output was left out to make room. Run it again if you need it.]";

/** `entry` with no output longer than `characters`; the very same entry where none was. 0: a note in their place. */
export function withShortOutputs(entry: Entry, characters: number): Entry {
  if (entry.kind !== "calls") return entry;
  const limit = Math.max(characters, dropped.length);
  let changed = false;
  const messages = entry.messages.map((message): Message => {
    if (message.role !== "tool") return message;
    const content = message.content.map((part) => {
      if (part.type !== "tool-result" || outputSize(part.output) <= limit) return part;
      changed = true;
      return { ...part, output: shortOutput(part.output, characters) };
    });
    return { ...message, content };
  });
  return changed ? entryOf({ ...entry, messages }) : entry;
}

function shortOutput(output: ToolResult["output"], characters: number): ToolResult["output"] {
  const text = characters === 0 ? dropped : clipText(outputText(output), clipped, characters).text;
  return { type: output.type === "error-text" ? "error-text" : "text", value: text };
}

/** What of an output is text. */
export function outputText(output: ToolResult["output"]): string {
  if (output.type === "text" || output.type === "error-text") return output.value;
  if (output.type !== "content") return JSON.stringify(output);
  return output.value.map((part) => (part.type === "text" ? part.text : "[image]")).join("\n");
}

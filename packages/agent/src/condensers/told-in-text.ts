/** A history as text, for the one who summarises it: who said what, what was called, what came of it. */
import { clipText } from "@openhands/sandbox";
import { type Entry, type Message, outputText } from "../history/entry.ts";

/** Of one output or of the arguments of one call: enough to see what it was. */
const longestPart = 1500;

export function toldInText(entries: readonly Entry[]): string {
  return entries
    .map((entry) => entry.messages.map((message) => told(message, entry)).join("\n"))
    .join("\n\n");
}

function told(message: Message, { kind }: Entry): string {
  if (message.role === "system") return message.content;
  const who = kind === "person" ? "Person" : kind === "summary" ? "Earlier summary" : "Agent";
  return message.content
    .flatMap((part): string[] => {
      switch (part.type) {
        case "text":
          // an earlier summary and what the person asked for are told whole
          return [`${who}: ${kind === "words" || kind === "calls" ? short(part.text) : part.text}`];
        case "tool-call":
          return [`Call of ${part.toolName}: ${short(JSON.stringify(part.input))}`];
        case "tool-result":
          return [`Result: ${short(outputText(part.output))}`];
        case "file":
          return [`${who}: [image]`];
        default:
          return [];
      }
    })
    .join("\n");
}

const short = (text: string): string => clipText(text, " […] ", longestPart).text;

/** Calls and results as text, for a model that knows no others. */
import type { LanguageModelV4Message } from "@ai-sdk/provider";

type UserPart = Extract<LanguageModelV4Message, { role: "user" }>["content"][number];

/** One message in words; every other message is as it was. */
export function writtenOut(message: LanguageModelV4Message): LanguageModelV4Message {
  if (message.role === "assistant") {
    const text = message.content.flatMap((part) => {
      if (part.type === "text") return [part.text];
      return part.type === "tool-call" ? [writtenCall(part.toolName, part.input)] : [];
    });
    return { role: "assistant", content: [{ type: "text", text: text.join("\n\n") }] };
  }
  if (message.role === "tool") {
    return {
      role: "user",
      content: message.content.flatMap((part) => (part.type === "tool-result" ? writtenResult(part) : [])),
    };
  }
  return message;
}

function writtenCall(name: string, input: unknown): string {
  const fields = typeof input === "object" && input !== null ? Object.entries(input) : [];
  const parameters = fields.map(([key, value]) => {
    const text = typeof value === "string" ? value : JSON.stringify(value);
    return `<parameter=${key}>${text.includes("\n") ? `\n${text}\n` : text}</parameter>`;
  });
  return [`<function=${name}>`, ...parameters, "</function>"].join("\n");
}

type ToolMessage = Extract<LanguageModelV4Message, { role: "tool" }>;
type Result = Extract<ToolMessage["content"][number], { type: "tool-result" }>;

function writtenResult({ toolName, output }: Result): UserPart[] {
  const title = `EXECUTION RESULT of [${toolName}]:`;
  switch (output.type) {
    case "text":
      return [{ type: "text", text: `${title}\n${output.value}` }];
    case "error-text":
      return [{ type: "text", text: `${title}\nERROR: ${output.value}` }];
    case "content":
      return [
        { type: "text", text: title },
        ...output.value.flatMap((part): UserPart[] => {
          if (part.type === "text") return [{ type: "text", text: part.text }];
          return part.type === "file" ? [{ type: "file", mediaType: part.mediaType, data: part.data }] : [];
        }),
      ];
    case "execution-denied":
      return [{ type: "text", text: `${title}\nREFUSED: ${output.reason ?? ""}` }];
    default:
      return [{ type: "text", text: `${title}\n${JSON.stringify(output.value)}` }];
  }
}

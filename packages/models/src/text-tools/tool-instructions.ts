/**
 * Tells a model that knows no tools how to call ours, in the form that OpenHands' own prompts have taught: models
 * trained on its conversations know it.
 */
import type { ToolSpec } from "../model.ts";
import { isRecord } from "../mend-calls/fit-to-schema.ts";

export function toolInstructions(tools: readonly ToolSpec[]): string {
  return [
    "# Tools",
    "You act by calling one of these functions. You have no other way to run or change anything.",
    ...tools.map(describeTool),
    howToCall,
  ].join("\n\n");
}

const howToCall = `To call a function, end your answer with exactly this form, and with nothing after it:

<function=name_of_the_function>
<parameter=name_of_a_parameter>its value</parameter>
<parameter=name_of_another>
A value of
several lines
</parameter>
</function>

- One call an answer. Its result comes back to you in the next message, under "EXECUTION RESULT of".
- Every required parameter must be there. Values are plain text; lists and objects are JSON. Nothing is escaped.
- You may say in a sentence before the call what you are about to do.
- When the work is done, answer in plain words without a call.`;

function describeTool(tool: ToolSpec, index: number): string {
  const schema = tool.inputSchema;
  const required: readonly unknown[] = schema.required ?? [];
  const parameters = Object.entries(schema.properties ?? {}).map(
    ([name, property], place) =>
      `  (${place + 1}) ${name} (${typeOf(property)}, ${required.includes(name) ? "required" : "optional"})${noteOn(property)}`,
  );
  return [
    `---- BEGIN FUNCTION #${index + 1}: ${tool.name} ----`,
    `Description: ${tool.description ?? ""}`,
    parameters.length === 0 ? "No parameters." : `Parameters:\n${parameters.join("\n")}`,
    `---- END FUNCTION #${index + 1} ----`,
  ].join("\n");
}

function typeOf(property: unknown): string {
  if (!isRecord(property)) return "any";
  const choices = property["anyOf"];
  const types = Array.isArray(choices)
    ? choices.flatMap((choice) => (isRecord(choice) ? [choice["type"]].flat() : []))
    : [property["type"]].flat();
  return types.filter((type) => typeof type === "string" && type !== "null").join(" or ") || "any";
}

function noteOn(property: unknown): string {
  if (!isRecord(property)) return "";
  const choices = property["enum"];
  const { description } = property;
  const notes = [
    ...(typeof description === "string" ? [description] : []),
    ...(Array.isArray(choices) ? [`one of ${choices.join(", ")}`] : []),
  ];
  return notes.length === 0 ? "" : `: ${notes.join("; ")}`;
}

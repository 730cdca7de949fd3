/** A value brought into what its JSON Schema allows, where only the form was wrong. Never invents, never drops. */
import { tidyJson } from "./tidy-json.ts";

type Schema = Readonly<Record<string, unknown>>;

/** `value` itself where it fits, or where nothing is known to help: the tool then says what is wrong. */
export function fitToSchema(value: unknown, schema: unknown): unknown {
  if (!isRecord(schema)) return value;
  const choices = choicesOf(schema);
  if (typeof value === "string") return fromText(value, choices);
  if (Array.isArray(value)) return changed(value, (item) => fitToSchema(item, itemsOf(choices)));
  if (isRecord(value)) return fitFields(value, choices);
  const scalar = typeof value === "number" || typeof value === "boolean";
  return scalar && allows(choices, "string") && !allows(choices, typeof value) ? String(value) : value;
}

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The fields that a schema of an object names. */
export function propertiesOf(schema: unknown): Record<string, unknown> {
  const found = isRecord(schema)
    ? choicesOf(schema).find((choice) => isRecord(choice["properties"]))
    : undefined;
  return isRecord(found?.["properties"]) ? found["properties"] : {};
}

/** `anyOf` spread out. */
function choicesOf(schema: Schema): readonly Schema[] {
  const choices = schema["anyOf"] ?? schema["oneOf"];
  return Array.isArray(choices) ? choices.filter(isRecord) : [schema];
}

/** Whether a type is allowed; a schema that names none allows every one. */
function allows(choices: readonly Schema[], type: string): boolean {
  return choices.some((choice) => {
    const types = [choice["type"]].flat();
    if (types[0] === undefined) return choice["enum"] === undefined || type === "string";
    return types.includes(type) || (type === "number" && types.includes("integer"));
  });
}

function fromText(text: string, choices: readonly Schema[]): unknown {
  const listed = choices.flatMap((choice) => (Array.isArray(choice["enum"]) ? choice["enum"] : []));
  if (listed.length > 0) {
    return (
      listed.find((one) => typeof one === "string" && one.toLowerCase() === text.trim().toLowerCase()) ?? text
    );
  }
  if (allows(choices, "string")) return text;
  const value = meaning(text, choices);
  return value === undefined ? text : fitToSchema(value, { anyOf: choices });
}

/** What a text means where none is allowed; undefined: nothing that is allowed either. */
function meaning(text: string, choices: readonly Schema[]): unknown {
  const trimmed = text.trim();
  if (trimmed === "" || /^(null|none)$/i.test(trimmed)) return allows(choices, "null") ? null : undefined;
  if (/^(true|false)$/i.test(trimmed)) return allows(choices, "boolean") ? /^t/i.test(trimmed) : undefined;
  const value = tidyJson(trimmed);
  if (typeof value === "number") return allows(choices, "number") ? value : undefined;
  if (Array.isArray(value)) return allows(choices, "array") ? value : undefined;
  return isRecord(value) && allows(choices, "object") ? value : undefined;
}

function itemsOf(choices: readonly Schema[]): unknown {
  return choices.find((choice) => choice["items"] !== undefined)?.["items"];
}

function fitFields(value: Record<string, unknown>, choices: readonly Schema[]): Record<string, unknown> {
  const properties = propertiesOf({ anyOf: choices });
  const entries = Object.entries(value);
  const fitted = entries.map(([name, field]) => fitToSchema(field, properties[name]));
  return fitted.every((field, index) => field === entries[index]?.[1])
    ? value
    : Object.fromEntries(entries.map(([name], index) => [name, fitted[index]]));
}

/** The same array where nothing changed, so that callers see that nothing did. */
function changed(values: readonly unknown[], change: (value: unknown) => unknown): readonly unknown[] {
  const made = values.map(change);
  return made.every((value, index) => value === values[index]) ? values : made;
}

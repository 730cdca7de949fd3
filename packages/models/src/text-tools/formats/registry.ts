/** The ways of writing a call that are understood, in the order in which they are looked for. */
import type { CallFormat } from "./format.ts";
import { functionTags } from "./function-tags.ts";
import { jsonCalls } from "./json-calls.ts";
import { xmlElements } from "./xml-elements.ts";

export const callFormats: readonly CallFormat[] = [functionTags, xmlElements, jsonCalls];

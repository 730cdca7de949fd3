/**
 * `<function=name><parameter=key>value</parameter></function>`: the form that our instructions ask for. End tags may be
 * missing (the request stops at `</function`), and a value may stand within its own tag.
 */
import type { CallFormat, Found, WrittenCall } from "./format.ts";

const begin = /(?:<tool_call>\s*)?<function=["']?([\w.:-]+)["']?\s*>/g;
const ending = /<\/function\s*>?\s*(?:<\/tool_call>)?\s*/y;
const parameter = /<parameter=["']?([\w-]+)["']?\s*>([\s\S]*?)(?:<\/parameter>|(?=<parameter=)|$)/g;
const withinTag = /<parameter=([\w-]+)=([^<>]*?)>?<\/parameter>/g;

export const functionTags: CallFormat = {
  openers: () => ["<function=", "<tool_call>"],
  find(text) {
    const calls: WrittenCall[] = [];
    let start = -1;
    let end = 0;
    for (const match of text.matchAll(begin)) {
      // What stands between two calls is no call: the model has begun to imagine its result.
      if (start >= 0 && text.slice(end, match.index).trim() !== "") break;
      const from = match.index + match[0].length;
      const close = text.indexOf("</function", from);
      const next = text.slice(from).search(/<function=/);
      const to = close >= 0 ? close : next >= 0 ? from + next : text.length;
      calls.push({ name: match[1] ?? "", arguments: parameters(text.slice(from, to)) });
      if (start < 0) start = match.index;
      ending.lastIndex = to;
      end = ending.test(text) ? ending.lastIndex : to;
    }
    return start < 0 ? null : ({ start, end, calls } satisfies Found);
  },
};

function parameters(body: string): string {
  const tidy = body.replace(withinTag, "<parameter=$1>$2</parameter>");
  const found = [...tidy.matchAll(parameter)].map(([, name = "", value = ""]) => [name, unframed(value)]);
  // Without a single tag the body may be JSON, or nothing.
  return found.length === 0 ? body.trim() : JSON.stringify(Object.fromEntries(found));
}

/** A value of several lines stands on lines of its own. */
const unframed = (value: string): string => value.replace(/^\r?\n/, "").replace(/\r?\n$/, "");

/**
 * JSON as models write it: comments of a fence around it, commas too many, line ends within strings, Python's quotes and
 * words. What breaks off is not completed: half a command must not be run.
 */

const words: Readonly<Record<string, string>> = { True: "true", False: "false", None: "null" };

/** The value that `text` means; undefined where it can't be told. */
export function tidyJson(text: string): unknown {
  const inner = /^\s*```\w*\n([\s\S]*?)\n?```\s*$/.exec(text)?.[1] ?? text;
  return parsed(inner) ?? parsed(tidied(inner));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Strings are taken over piece by piece; what is between them is tidied. */
function tidied(text: string): string {
  const strings = /"(?:[^"\\]|\\[\s\S])*"|'(?:[^'\\]|\\[\s\S])*'/g;
  let result = "";
  let end = 0;
  for (const match of text.matchAll(strings)) {
    result += between(text.slice(end, match.index)) + quoted(match[0]);
    end = match.index + match[0].length;
  }
  result += between(text.slice(end));
  // A comma before a closing bracket can't be within a string any more where a bracket follows outside of one.
  return withoutTrailingCommas(result);
}

const between = (text: string): string =>
  text.replace(/\b(?:True|False|None)\b/g, (word) => words[word] ?? word);

function quoted(string: string): string {
  const inner = string.slice(1, -1);
  const body = string.startsWith("'") ? inner.replaceAll("\\'", "'").replace(/(?<!\\)"/g, '\\"') : inner;
  return `"${body.replaceAll("\n", "\\n").replaceAll("\r", "\\r").replaceAll("\t", "\\t")}"`;
}

function withoutTrailingCommas(text: string): string {
  return text.replace(/"(?:[^"\\]|\\[\s\S])*"|,(?=\s*[}\]])/g, (match) => (match === "," ? "" : match));
}

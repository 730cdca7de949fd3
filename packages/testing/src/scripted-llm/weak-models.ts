/**
 * How local and small models go wrong with tools: each turns what a good model would answer into what it answers
 * instead. A task is scripted once and played by every personality.
 */
import { type AnswerReply, type Reply, say } from "./reply.ts";

export type WeakModelName =
  | "prints fenced JSON"
  | "prints XML"
  | "invents names"
  | "encodes twice"
  | "talks and does not act";

type Weakness = (reply: AnswerReply) => Reply;

const argumentsOf = (call: NonNullable<AnswerReply["calls"]>[number]): Readonly<Record<string, unknown>> =>
  typeof call.arguments === "string" ? {} : call.arguments;

/** A tool's name as other agents call it. */
const inventedNames: Readonly<Record<string, string>> = {
  terminal: "execute_bash",
  file_editor: "str_replace_editor",
};

const weaknesses: Readonly<Record<WeakModelName, Weakness>> = {
  "prints fenced JSON": printed((name, args) => {
    const json = JSON.stringify({ name, arguments: args }, null, 2);
    return `\`\`\`json\n${json}\n\`\`\``;
  }),
  "prints XML": printed((name, args) => {
    const parameters = Object.entries(args).map(
      ([key, value]) =>
        `<parameter=${key}>${typeof value === "string" ? value : JSON.stringify(value)}</parameter>`,
    );
    return `<tool_call>\n<function=${name}>\n${parameters.join("\n")}\n</function>\n</tool_call>`;
  }),
  "invents names": calling((call) => ({ ...call, name: inventedNames[call.name] ?? call.name })),
  "encodes twice": calling((call) => {
    const values = Object.entries(argumentsOf(call)).map(([key, value]) => [
      key,
      typeof value === "string" ? value : JSON.stringify(value),
    ]);
    return { ...call, arguments: JSON.stringify(JSON.stringify(Object.fromEntries(values))) };
  }),
  "talks and does not act": () => say("I would now run the program and look at what it prints."),
};

export const weakModelNames = Object.keys(weaknesses) as readonly WeakModelName[];

/** What the weak model answers in place of `reply`; replies without calls are as they were. */
export function weakly(name: WeakModelName, reply: Reply): Reply {
  return reply.kind === "answer" && reply.calls !== undefined ? weaknesses[name](reply) : reply;
}

/** Calls are printed into the text and no call is made. */
function printed(print: (name: string, args: Readonly<Record<string, unknown>>) => string): Weakness {
  return ({ calls = [], text, ...reply }) => ({
    ...reply,
    text: [text, ...calls.map((call) => print(call.name, argumentsOf(call)))].filter(Boolean).join("\n\n"),
  });
}

function calling(change: (call: NonNullable<AnswerReply["calls"]>[number]) => typeof call): Weakness {
  return ({ calls = [], ...reply }) => ({ ...reply, calls: calls.map(change) });
}

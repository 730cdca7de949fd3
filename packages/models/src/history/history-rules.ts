/** What each wire takes of a conversation's history. Named rules in one table; nothing else asks who the provider is. */

export interface HistoryRules {
  /** whether a model's own reasoning goes back to it; elsewhere it is refused, or only costs tokens */
  readonly reasoning: boolean;
  /** whether results of tools may hold images; where not, they follow in a message of the person */
  readonly resultImages: boolean;
  /** ids of calls that are taken as they are; others are replaced by one of `callIdLength` letters and digits */
  readonly callId: RegExp;
  readonly callIdLength: number;
  /** whether one side may not speak twice in a row, nor the person right after a result */
  readonly alternates: boolean;
  /** marks the end of what every conversation begins with, for a provider that keeps only what is marked */
  readonly marksSystem: boolean;
}

const chat: HistoryRules = {
  reasoning: false,
  resultImages: false,
  callId: /^[\w-]{1,40}$/,
  callIdLength: 24,
  alternates: false,
  marksSystem: false,
};

const full: HistoryRules = { ...chat, reasoning: true, resultImages: true };

/** By the provider's prefix and the name that the vendor's package gives its wire; the first that fits counts. */
const table: readonly (readonly [RegExp, HistoryRules])[] = [
  [/anthropic/, { ...full, marksSystem: true }],
  [/responses|google|vertex|bedrock/, full],
  // Its thinking models refuse a history with calls whose reasoning is missing.
  [/deepseek/, { ...chat, reasoning: true }],
  [/mistral/, { ...chat, callId: /^[A-Za-z0-9]{9}$/, callIdLength: 9, alternates: true }],
];

/** @param wire what the vendor's package calls it, e.g. `openai.responses` */
export function historyRules(prefix: string, wire: string): HistoryRules {
  return table.find(([name]) => name.test(`${prefix} ${wire}`))?.[1] ?? chat;
}

/** Google's Generative Language: every event is a whole response with the parts that are new. */
import { type AnswerCall, argumentsObject, pieces, type ScriptedAnswer } from "../scripted-answer.ts";
import type { FinishReason } from "../reply.ts";
import { serverSentEvent, type Wire } from "./wire.ts";

export const googleGenerative: Wire = {
  name: "google-generative",
  asked: (path) => {
    const match = /\/models\/([^/:]+):(generateContent|streamGenerateContent)$/.exec(path);
    return match?.[1] === undefined
      ? null
      : { model: match[1], streamed: match[2] === "streamGenerateContent" };
  },
  content: (answer) =>
    parts(answer, answer.chunkSize).map((part) => serverSentEvent(response(answer, [part], null))),
  end: (answer) => [serverSentEvent(response(answer, [], finishReason(answer)))],
  body: (answer) => response(answer, parts(answer, Number.POSITIVE_INFINITY), finishReason(answer)),
  errorEvent: (error) => serverSentEvent({ error }),
  errorBody: (status, message) => ({ error: { code: status, message, status: errorStatus(status) } }),
};

/** The signature is on the first call, or on the text where there is none. */
function parts({ reasoning, signature, text, calls }: ScriptedAnswer, chunkSize: number): object[] {
  const signed = reasoning === "" ? {} : { thoughtSignature: signature };
  const said = [...pieces(text, chunkSize)].map((piece) => ({ text: piece }));
  const last = said.pop();
  return [
    ...[...pieces(reasoning, chunkSize)].map((piece) => ({ text: piece, thought: true })),
    ...said,
    ...(last === undefined ? [] : [calls.length === 0 ? { ...last, ...signed } : last]),
    ...calls.flatMap((call, index) => functionCall(call, index === 0 ? signed : {})),
  ];
}

/** Arguments are no text here: Google keeps a call that it can't read to itself. */
function functionCall(call: AnswerCall, signed: object): object[] {
  const args = argumentsObject(call);
  return args === null ? [] : [{ functionCall: { name: call.name, args }, ...signed }];
}

function response(answer: ScriptedAnswer, newParts: readonly object[], reason: string | null): object {
  return {
    candidates: [
      {
        content: { role: "model", parts: newParts },
        index: 0,
        ...(reason === null ? {} : { finishReason: reason }),
      },
    ],
    usageMetadata: usage(answer),
    modelVersion: answer.model,
    responseId: `resp-${answer.number}`,
  };
}

const finishReasons: Readonly<Record<FinishReason, string>> = {
  stop: "STOP",
  tool_calls: "STOP",
  length: "MAX_TOKENS",
  content_filter: "SAFETY",
};

function finishReason({ finishReason: reason, calls }: ScriptedAnswer): string | null {
  if (calls.some((call) => argumentsObject(call) === null)) return "MALFORMED_FUNCTION_CALL";
  return reason === null ? null : finishReasons[reason];
}

/** Here reasoning is counted beside what was written, not within it. */
const usage = ({
  usage: { promptTokens, completionTokens, cachedTokens, reasoningTokens },
}: ScriptedAnswer) => ({
  promptTokenCount: promptTokens,
  candidatesTokenCount: completionTokens - reasoningTokens,
  cachedContentTokenCount: cachedTokens,
  thoughtsTokenCount: reasoningTokens,
  totalTokenCount: promptTokens + completionTokens,
});

function errorStatus(status: number): string {
  const statuses: Readonly<Record<number, string>> = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    429: "RESOURCE_EXHAUSTED",
    500: "INTERNAL",
    503: "UNAVAILABLE",
    504: "DEADLINE_EXCEEDED",
  };
  return statuses[status] ?? "UNKNOWN";
}

import { fail } from "./reply.ts";
import type { Responder } from "./scripted-llm.ts";

/** Answers as `responder` does, but refuses what is longer than `tokens`, as a provider with that window would. */
export function strictWindow(tokens: number, responder: Responder): Responder {
  return (request) => {
    // the scripted provider counts a token for four characters
    const asked = Math.ceil(request.text.length / 4);
    if (asked <= tokens) return responder(request);
    const message = `This model's maximum context length is ${tokens} tokens. However, your messages resulted in ${asked} tokens. Please reduce the length of the messages.`;
    return fail(400, {
      error: { message, type: "invalid_request_error", param: "messages", code: "context_length_exceeded" },
    });
  };
}

/** Pieces that route definitions share: bodies, answers, the id in the path. */
import { ConversationId, ErrorBody } from "@openhands/protocol";
import * as z from "zod";

export const json = <T extends z.ZodType>(schema: T) => ({ content: { "application/json": { schema } } });

export const answer = <T extends z.ZodType>(description: string, schema: T) => ({
  description,
  ...json(schema),
});

export const body = <T extends z.ZodType>(schema: T) => ({ required: true, ...json(schema) });

/** The errors that any call may answer with. */
export const errors = {
  401: answer("no access", ErrorBody),
  403: answer("refused: of another site, origin or host", ErrorBody),
  404: answer("unknown", ErrorBody),
  409: answer("not in this state", ErrorBody),
  422: answer("the request does not fit", ErrorBody),
  429: answer("too many; Retry-After says when again", ErrorBody),
} as const;

export const idParameter = z.object({ id: ConversationId });

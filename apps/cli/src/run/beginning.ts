/** How a run begins: with a new conversation, or with a message to one that there is. */
import type { Client } from "@openhands/client";
import type { ConversationId, CreateConversationRequest } from "@openhands/protocol";
import { told } from "../running-server.ts";

export interface Begun {
  readonly id: ConversationId;
  readonly model: string;
  /** the run is what comes after this event; -1: all of the log */
  readonly afterSeq: number;
}

/** @throws AppError for what the server refuses */
export type Beginning = (client: Client) => Promise<Begun>;

export function startAnew(request: CreateConversationRequest): Beginning {
  return async (client) => {
    const { id, llm_model: model } = await told(client.conversations.create(request));
    return { id, model, afterSeq: -1 };
  };
}

/** An agent at work has the message with its next step. */
export function goOn(id: ConversationId, content: string): Beginning {
  return async (client) => {
    const { llm_model: model, last_seq: afterSeq } = await told(client.conversations.get(id));
    await told(client.events.send(id, { content, run: true }));
    return { id, model, afterSeq };
  };
}

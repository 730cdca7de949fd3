/** Messages that wait for the end of a turn. The value of the state update `queue` is all of them, in order. */
import * as z from "zod";
import { Content } from "./content.ts";

export const QueuedMessage = z.looseObject({
  /** 1, 2, 3 … within a conversation; never used twice */
  n: z.number().int().positive(),
  content: z.array(Content),
  created_at: z.string(),
});
export type QueuedMessage = z.infer<typeof QueuedMessage>;

export const Queue = z.array(QueuedMessage);
export type Queue = z.infer<typeof Queue>;

/**
 * How a message reaches an agent at work: with its next request, after its turn, or now, by an interrupt. Without work
 * going on all three are the same.
 */
export const Delivery = z.enum(["steer", "queue", "interrupt"]);
export type Delivery = z.infer<typeof Delivery>;

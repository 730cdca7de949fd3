/**
 * What others do to our containers, as the engine tells it while it happens: one stream for all, open only while
 * somebody listens. It is wanted for what a container's own console does not show, that someone paused it.
 */
import { createInterface } from "node:readline";
import { addAbortSignal, Readable } from "node:stream";
import * as z from "zod";
import { conversationLabel, instanceLabel } from "./container-options.ts";
import type { Engine } from "./engine.ts";

const ContainerEvent = z.looseObject({
  Action: z.string(),
  Actor: z.looseObject({ Attributes: z.record(z.string(), z.string()) }),
});

export class ContainerEvents {
  readonly #engine: Engine;
  readonly #instance: string;
  readonly #onPause = new Map<string, () => void>();
  #listening: AbortController | null = null;

  /** @param instance value of the label that our containers carry */
  constructor(engine: Engine, instance: string) {
    this.#engine = engine;
    this.#instance = instance;
  }

  /**
   * Calls `act` when someone pauses the container of that conversation; returns the way to stop. Asked again for the
   * same one it makes sure that the engine is still listened to, which it is not after it was restarted.
   */
  onPause(conversation: string, act: () => void): () => void {
    this.#onPause.set(conversation, act);
    if (this.#listening === null) this.#open();
    return () => {
      if (this.#onPause.get(conversation) !== act) return;
      this.#onPause.delete(conversation);
      if (this.#onPause.size > 0) return;
      this.#listening?.abort();
      this.#listening = null;
    };
  }

  #open(): void {
    const controller = new AbortController();
    this.#listening = controller;
    // An engine that can't be listened to is gone, and every container's console tells that too.
    this.#listen(controller.signal)
      .catch(() => undefined)
      .finally(() => {
        if (this.#listening === controller) this.#listening = null;
      });
  }

  async #listen(signal: AbortSignal): Promise<void> {
    const label = [`${instanceLabel}=${this.#instance}`];
    const answer = await this.#engine.getEvents({
      filters: { type: ["container"], event: ["pause"], label },
    });
    const input = answer instanceof Readable ? addAbortSignal(signal, answer) : answer;
    for await (const line of createInterface({ input })) {
      const event = ContainerEvent.safeParse(JSON.parse(line));
      if (!event.success) continue;
      this.#onPause.get(event.data.Actor.Attributes[conversationLabel] ?? "")?.();
    }
  }
}

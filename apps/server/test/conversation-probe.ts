/** Follows one conversation over its socket, so that tests wait for what happens instead of for time to pass. */
import { type Client, followEvents } from "@openhands/client";
import type { ConversationInfo, StoredEvent, TransientEvent } from "@openhands/protocol";

export interface ConversationProbe extends Disposable {
  readonly events: readonly StoredEvent[];
  readonly transients: readonly TransientEvent[];
  /** Resolves with the first event, past or future, that fits. */
  event(fits: (event: StoredEvent) => boolean): Promise<StoredEvent>;
  transient(fits: (event: TransientEvent) => boolean): Promise<TransientEvent>;
  /** Resolves with the newest state as soon as it fits. */
  state(fits: (info: ConversationInfo) => boolean): Promise<ConversationInfo>;
}

interface Waiter {
  check(): boolean;
}

export function probeConversation(client: Client, id: string, afterSeq = -1): ConversationProbe {
  const events: StoredEvent[] = [];
  const transients: TransientEvent[] = [];
  const waiters = new Set<Waiter>();
  const check = (): void => {
    for (const waiter of waiters) if (waiter.check()) waiters.delete(waiter);
  };
  const follower = followEvents({
    client,
    conversationId: id,
    afterSeq,
    onEvent: (event) => (events.push(event), check()),
    onTransient: (event) => (transients.push(event), check()),
  });
  const wait = async <T>(find: () => T | undefined): Promise<T> =>
    await new Promise((resolve) => {
      const waiter = {
        check: () => {
          const found = find();
          if (found === undefined) return false;
          resolve(found);
          return true;
        },
      };
      if (!waiter.check()) waiters.add(waiter);
    });
  const newest = (): ConversationInfo | undefined => {
    const state = transients.findLast((event) => event.kind === "ConversationStateUpdateEvent");
    return state?.kind === "ConversationStateUpdateEvent" ? state.value : undefined;
  };
  return {
    events,
    transients,
    event: async (fits) => await wait(() => events.find(fits)),
    transient: async (fits) => await wait(() => transients.find(fits)),
    state: async (fits) =>
      await wait(() => {
        const info = newest();
        return info !== undefined && fits(info) ? info : undefined;
      }),
    [Symbol.dispose]: () => follower.close(),
  };
}

/** The run that a message started has ended. */
export const settled = (info: ConversationInfo): boolean =>
  !["idle", "running"].includes(info.execution_status) && info.last_user_message_id !== null;

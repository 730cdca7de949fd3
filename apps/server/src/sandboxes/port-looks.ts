/**
 * Looks for ports take processor time that commands need too: all sandboxes together are looked at one after the other,
 * with pauses between that leave a look's part of one processor at a tenth.
 */
import { setTimeout as delay } from "node:timers/promises";
import { createInOrder } from "@openhands/store";

/** Milliseconds after which the others wait no longer for one: it is stuck, and costs nothing. */
const longestTurn = 250;
const pausePerLook = 9;

export class PortLooks {
  readonly #inOrder = createInOrder();

  /** In its turn. Rejects as `look` does. */
  async take(look: () => Promise<void>): Promise<void> {
    const { promise: done, resolve, reject } = Promise.withResolvers<void>();
    void this.#inOrder(async () => {
      const began = performance.now();
      look().then(resolve, reject);
      await Promise.race([done.catch(() => undefined), pause(longestTurn)]);
      await pause((performance.now() - began) * pausePerLook);
    });
    await done;
  }
}

const pause = async (milliseconds: number): Promise<void> =>
  await delay(milliseconds, undefined, { ref: false });

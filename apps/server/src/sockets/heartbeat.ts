/** Pings every open socket, and ends those whose other side is gone without a word: a laptop that sleeps, a cut cable. */
import type { Clock } from "../clock.ts";

const everyMs = 30_000;

/** One that can be asked whether it is there: `pong` is its answer. */
export interface Peer {
  ping(): void;
  terminate(): void;
  on(event: "pong", listener: () => void): unknown;
  once(event: "close", listener: () => void): unknown;
}

export class Heartbeat {
  readonly #sockets = new Set<Peer>();
  readonly #answered = new WeakSet<Peer>();
  readonly #callOff: () => void;

  constructor(clock: Pick<Clock, "every">) {
    this.#callOff = clock.every(everyMs, () => this.#beat());
  }

  /** Until it closes. */
  watch(socket: Peer): void {
    this.#sockets.add(socket);
    this.#answered.add(socket);
    socket.on("pong", () => this.#answered.add(socket));
    socket.once("close", () => this.#sockets.delete(socket));
  }

  stop(): void {
    this.#callOff();
  }

  /** Who has not answered the last ping is gone. */
  #beat(): void {
    for (const socket of this.#sockets) {
      if (this.#answered.delete(socket)) socket.ping();
      else socket.terminate();
    }
  }
}

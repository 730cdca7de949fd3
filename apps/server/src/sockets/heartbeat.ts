/** Pings every open socket, and ends those whose other side is gone without a word: a laptop that sleeps, a cut cable. */
import type { WebSocket } from "ws";
import type { Clock } from "../clock.ts";

const everyMs = 30_000;

export class Heartbeat {
  readonly #sockets = new Set<WebSocket>();
  readonly #answered = new WeakSet<WebSocket>();
  readonly #callOff: () => void;

  constructor(clock: Pick<Clock, "every">) {
    this.#callOff = clock.every(everyMs, () => this.#beat());
  }

  /** Until it closes. */
  watch(socket: WebSocket): void {
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

/**
 * A WebSocket between a browser and a server in a sandbox. What they say passes as it is; between two frames the browser
 * is asked whether it is still there, which also keeps a proxy on the way from taking the silence for the end. What it
 * answers goes on to the server inside, which has to put up with an answer that it did not ask for (RFC 6455, 5.5.3).
 */
import { EventEmitter } from "node:events";
import type { Duplex } from "node:stream";
import { socketClose } from "@openhands/protocol";
import { FrameEdges } from "./frame-edges.ts";

/** A ping without content. */
const ping = Buffer.from([0x89, 0]);
const restarting = Buffer.from([0x88, 2, socketClose.restarting >> 8, socketClose.restarting & 0xff]);
/** What a browser has to answer a close with its own. */
const leaveMs = 500;

/** Emits `pong` whenever the browser says anything, and `close` once, when it is over. */
export class PreviewSocket extends EventEmitter<{ pong: []; close: [] }> {
  readonly #browser: Duplex;
  readonly #inside: Duplex;
  readonly #edges = new FrameEdges();

  constructor(browser: Duplex, inside: Duplex) {
    super();
    this.#browser = browser;
    this.#inside = inside;
    inside.on("data", (chunk: Buffer) => {
      this.#edges.pass(chunk);
      if (!browser.write(chunk)) inside.pause();
    });
    browser.on("drain", () => inside.resume());
    browser.on("data", () => this.emit("pong"));
    browser.pipe(inside);
    // what was said last still arrives
    for (const event of ["end", "error", "close"]) inside.once(event, () => browser.end());
    browser.once("close", () => {
      inside.destroy();
      this.emit("close");
    });
    inside.resume();
    // either may have gone before it was listened to
    if (browser.destroyed) inside.destroy();
    if (inside.destroyed) browser.end();
  }

  /** In the middle of a frame nothing can be asked; then whoever does not read is found out by the connection itself. */
  ping(): void {
    if (this.#browser.writableEnded) this.terminate();
    else if (this.#edges.isBetween) this.#browser.write(ping);
    else this.emit("pong");
  }

  /** The browser is told to come back later; in the middle of a frame nothing can be told. */
  restart(): void {
    if (this.#browser.writableEnded || !this.#edges.isBetween) return this.terminate();
    this.#browser.end(restarting);
    this.#inside.destroy();
    setTimeout(() => this.terminate(), leaveMs).unref();
  }

  terminate(): void {
    this.#browser.destroy();
  }
}

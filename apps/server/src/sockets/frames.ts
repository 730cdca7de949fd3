import { AuthFrame } from "@openhands/protocol";
import type { RawData, WebSocket } from "ws";

const authSeconds = 10;

/** Takes one frame; `isBinary` as the client sent it. */
export type TakeFrame = (data: RawData, isBinary: boolean) => void;

/** The largest frame: a message of a person with images may be large. */
export const maxFrameBytes = 32 * 1024 * 1024;

/**
 * What the client sends, from its first byte on: a frame that comes before anybody wants one waits, up to the size of
 * one. What comes after the socket was closed is nobody's.
 */
export class Frames {
  readonly #waiting: (readonly [RawData, boolean])[] = [];
  #waitingBytes = 0;
  #take: TakeFrame | null = null;

  constructor(socket: WebSocket) {
    socket.on("message", (data, isBinary) => {
      if (socket.readyState !== socket.OPEN) return;
      if (this.#take !== null) return this.#take(data, isBinary);
      this.#waitingBytes += bytesOf(data).length;
      if (this.#waitingBytes > maxFrameBytes) socket.close(1009, "too much before it was asked for");
      else this.#waiting.push([data, isBinary]);
    });
  }

  /** The next one, for `take` alone. */
  once(take: TakeFrame): void {
    const first = this.#waiting.shift();
    if (first !== undefined) return take(...first);
    this.#take = (data, isBinary) => {
      this.#take = null;
      take(data, isBinary);
    };
  }

  serve(take: TakeFrame): void {
    this.#take = take;
    for (const frame of this.#waiting.splice(0)) take(...frame);
  }
}

/** Waits for the frame that shows the key. */
export async function showsKey(
  socket: WebSocket,
  frames: Frames,
  isSessionKey: (key: string) => boolean,
): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<RawData | null>();
  const timer = setTimeout(() => resolve(null), authSeconds * 1000);
  frames.once(resolve);
  socket.once("close", () => resolve(null));
  const data = await promise;
  clearTimeout(timer);
  const frame = AuthFrame.safeParse(data === null ? null : parseFrame(data));
  return frame.success && isSessionKey(frame.data.session_api_key);
}

export const bytesOf = (data: RawData): Buffer =>
  Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data as Buffer);

/** The JSON of a text frame, or undefined. */
export function parseFrame(data: RawData): unknown {
  try {
    return JSON.parse(bytesOf(data).toString("utf8"));
  } catch {
    return undefined;
  }
}

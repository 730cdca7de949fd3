/**
 * `fetch` as far as the vendors' packages use it, over node:http. The platform's own gives up after five minutes
 * without a byte, which slow models on one's own machine need; here the limits are ours (`silence-guard.ts`). No
 * redirect is followed, so the key goes to no host that the person did not write. It also costs less.
 */
import { type ClientRequest, type IncomingMessage, request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";

/** Bytes that may wait to be read before the socket is told to wait. */
const bufferedBytes = 64 * 1024;

/** Rejects with the network's error, or on abort. The body is a text. */
export const httpFetch: typeof fetch = async (target, init = {}) => {
  const url = new URL(target instanceof Request ? target.url : target);
  try {
    return await send(url, init);
  } catch (error) {
    // A kept connection may have been closed by the other side just now: that says nothing about the provider.
    if (error instanceof StaleConnection) return send(url, init);
    throw error;
  }
};

class StaleConnection extends Error {}

function send(url: URL, init: RequestInit): Promise<Response> {
  return new Promise((resolve, reject) => {
    const request: ClientRequest = (url.protocol === "https:" ? requestHttps : requestHttp)(
      url,
      {
        method: init.method ?? "GET",
        headers: Object.fromEntries(new Headers(init.headers)),
        ...(init.signal ? { signal: init.signal } : {}),
      },
      (incoming) => resolve(responseOf(incoming)),
    );
    // It stays after the answer has begun: then the body tells of the error, but one without a listener ends the process.
    request.on("error", (error: NodeJS.ErrnoException) => {
      const stale = request.reusedSocket && (error.code === "ECONNRESET" || error.code === "EPIPE");
      reject(stale ? new StaleConnection("The kept connection was closed", { cause: error }) : error);
    });
    request.end(init.body);
  });
}

function responseOf(incoming: IncomingMessage): Response {
  const headers = new Headers();
  for (const [name, values] of Object.entries(incoming.headersDistinct)) {
    for (const value of values ?? []) headers.append(name, value);
  }
  const status = incoming.statusCode ?? 500;
  const bodyless = status === 204 || status === 205 || status === 304;
  if (bodyless) incoming.resume();
  return new Response(bodyless ? null : bodyOf(incoming), {
    status,
    statusText: incoming.statusMessage ?? "",
    headers,
  });
}

function bodyOf(incoming: IncomingMessage): ReadableStream<Uint8Array> {
  let open = true;
  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        incoming.on("data", (bytes: Uint8Array) => {
          if (!open) return;
          controller.enqueue(bytes);
          if ((controller.desiredSize ?? 0) <= 0) incoming.pause();
        });
        incoming.on("end", () => {
          if (open) controller.close();
          open = false;
        });
        incoming.on("error", (error) => {
          open = false;
          controller.error(error);
        });
      },
      pull: () => void incoming.resume(),
      cancel() {
        open = false;
        incoming.destroy();
      },
    },
    new ByteLengthQueuingStrategy({ highWaterMark: bufferedBytes }),
  );
}

import { type IncomingMessage, request as httpRequest, type ServerResponse } from "node:http";
import { headersIn, headersOut } from "./forwarded-headers.ts";
import { brokeOff, endInTime, type Passage } from "./passage.ts";
import type { RelayAgent } from "./relay-agent.ts";

/**
 * Resolves when the answer has ended, however it did: one that breaks off is cut.
 * @throws AppError, SandboxError where there is no answer
 */
export async function forwardRequest(
  agent: RelayAgent,
  passage: Passage,
  { request, response }: { request: IncomingMessage; response: ServerResponse },
): Promise<void> {
  const { target, forwarding, path } = passage;
  const headers = headersIn(request.headers, forwarding);
  // a body without a length: Node would send it bare with some methods, and what follows would be read as a request
  if (request.headers["transfer-encoding"] !== undefined) headers["transfer-encoding"] = "chunked";
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const inside = httpRequest({ agent, method: request.method, path, headers, setHost: false });
  const timer = endInTime(inside, passage);
  inside.once("response", (answer) => {
    clearTimeout(timer);
    response.writeHead(
      answer.statusCode ?? 502,
      answer.statusMessage,
      headersOut(answer.headers, forwarding),
    );
    answer.pipe(response);
    answer.once("error", () => response.destroy());
  });
  inside.once("upgrade", (_, link) => {
    link.destroy();
    reject(brokeOff(target, new Error("an upgrade that nobody asked for")));
  });
  inside.once("error", (error) => reject(brokeOff(target, error)));
  response.once("close", () => {
    inside.destroy();
    resolve();
  });
  request.pipe(inside);
  await promise.finally(() => clearTimeout(timer));
}

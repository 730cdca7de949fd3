/** A WebSocket's way into a sandbox: its handshake, and what the server inside answers to that. */
import { type ClientRequest, type IncomingMessage, request as httpRequest } from "node:http";
import { type Duplex, pipeline } from "node:stream";
import { connect } from "./preview-links.ts";
import { headersIn, headersOut } from "./forwarded-headers.ts";
import { brokeOff, endInTime, type Passage } from "./passage.ts";
import { PreviewSocket } from "./preview-socket.ts";

export interface Upgrade {
  readonly request: IncomingMessage;
  readonly connection: Duplex;
  readonly head: Buffer;
}

/**
 * @returns null where the server inside refuses, which the browser is told as it said it
 * @throws AppError, SandboxError where there is no answer
 */
export async function forwardUpgrade(
  { request, connection, head }: Upgrade,
  passage: Passage,
): Promise<PreviewSocket | null> {
  const { session, target, forwarding, path } = passage;
  const link = await connect(session, target.port);
  link.on("error", () => link.destroy());
  // who leaves takes along what was made for it
  connection.once("close", () => link.destroy());
  if (connection.destroyed) link.destroy();
  const headers = {
    ...headersIn(request.headers, forwarding),
    connection: "Upgrade",
    upgrade: "websocket",
  };
  const inside = httpRequest({ createConnection: () => link, path, headers, setHost: false });
  const answer = await answerOf(inside.end(), passage).catch((error: Error) => {
    link.destroy();
    throw brokeOff(target, error);
  });
  connection.write(statusLines(answer, headersOut(answer.headers, forwarding)));
  if (answer.statusCode !== 101) {
    // it may have broken off already
    pipeline(answer, connection, () => connection.destroy());
    return null;
  }
  link.write(head);
  return new PreviewSocket(connection, link);
}

/** What stands behind the head of an upgrade's answer comes first. */
async function answerOf(inside: ClientRequest, passage: Passage): Promise<IncomingMessage> {
  const timer = endInTime(inside, passage);
  const answered = new Promise<IncomingMessage>((resolve, reject) => {
    inside.once("error", reject);
    inside.once("response", resolve);
    inside.once("upgrade", (answer, link, rest) => {
      if (rest.length > 0) link.unshift(rest);
      resolve(answer);
    });
  });
  return await answered.finally(() => clearTimeout(timer));
}

function statusLines(answer: IncomingMessage, headers: ReturnType<typeof headersOut>): string {
  const upgraded = answer.statusCode === 101;
  const lines = Object.entries(headers).flatMap(([name, value]) =>
    [value ?? []].flat().map((each) => `${name}: ${each}\r\n`),
  );
  const connection = upgraded ? "connection: Upgrade\r\nupgrade: websocket\r\n" : "connection: close\r\n";
  return `HTTP/1.1 ${answer.statusCode} ${answer.statusMessage}\r\n${connection}${lines.join("")}\r\n`;
}

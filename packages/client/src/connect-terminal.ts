/** One connection to a shell in a conversation's sandbox. */
import { TerminalNotice } from "@openhands/protocol";
import type { Client } from "./client.ts";
import { pageOrigin } from "./page-origin.ts";

export interface TerminalOptions {
  readonly client: Pick<Client, "baseUrl" | "sessionApiKey">;
  readonly conversationId: string;
  readonly columns: number;
  readonly rows: number;
  /** as a notice of an earlier connection said, to come back to its shell */
  readonly session?: string | undefined;
  readonly onBytes: (bytes: Uint8Array) => void;
  readonly onNotice?: (notice: TerminalNotice) => void;
  /** `code`: one of the protocol's `socketClose`; 1000 when the shell has ended */
  readonly onClose?: (code: number) => void;
  readonly WebSocket?: typeof globalThis.WebSocket;
}

export interface TerminalConnection {
  write(bytes: string | Uint8Array<ArrayBuffer>): void;
  resize(columns: number, rows: number): void;
  /** The shell is kept for a while. */
  close(): void;
}

export function connectTerminal(options: TerminalOptions): TerminalConnection {
  const { client, onBytes, onNotice, onClose } = options;
  const socket = new (options.WebSocket ?? globalThis.WebSocket)(address(options));
  socket.binaryType = "arraybuffer";
  const whenOpen = (act: () => void): void => {
    if (socket.readyState === socket.CONNECTING) socket.addEventListener("open", act, { once: true });
    else if (socket.readyState === socket.OPEN) act();
  };
  const { sessionApiKey: key } = client;
  if (key !== undefined) whenOpen(() => socket.send(JSON.stringify({ type: "auth", session_api_key: key })));
  socket.addEventListener("message", (message) => {
    const data: unknown = message.data;
    if (data instanceof ArrayBuffer) onBytes(new Uint8Array(data));
    else if (typeof data === "string") {
      const notice = TerminalNotice.safeParse(JSON.parse(data));
      if (notice.success) onNotice?.(notice.data);
    }
  });
  socket.addEventListener("close", ({ code }) => onClose?.(code));
  return {
    write: (bytes) =>
      whenOpen(() => socket.send(typeof bytes === "string" ? new TextEncoder().encode(bytes) : bytes)),
    resize: (cols, rows) => whenOpen(() => socket.send(JSON.stringify({ type: "resize", cols, rows }))),
    close: () => socket.close(),
  };
}

function address({ client, conversationId, columns, rows, session }: TerminalOptions): string {
  const base = client.baseUrl === "" ? pageOrigin() : client.baseUrl;
  const query = new URLSearchParams({ cols: String(columns), rows: String(rows) });
  if (session !== undefined) query.set("session", session);
  return `${base.replace(/^http/, "ws")}/sockets/terminal/${encodeURIComponent(conversationId)}?${query.toString()}`;
}

/** What a preview says itself, where no server in the sandbox does. */
import { type IncomingMessage, type ServerResponse, STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import { AppError } from "@openhands/protocol";
import { SandboxError } from "@openhands/sandbox";

export interface PreviewFailure {
  readonly status: number;
  readonly code: string;
  /** a sentence for the person */
  readonly detail: string;
}

/** null for what was not foreseen */
export function foreseen(error: unknown): PreviewFailure | null {
  if (error instanceof AppError) return { status: error.status, code: error.code, detail: error.message };
  if (error instanceof SandboxError) return { status: 502, code: "unavailable", detail: error.message };
  return null;
}

/** A page for a browser, JSON for a program. */
export function answerFailure(
  request: IncomingMessage,
  response: ServerResponse,
  failure: PreviewFailure,
): void {
  if (response.headersSent) return void response.destroy();
  const wantsPage = request.headers.accept?.includes("text/html") === true;
  const { status, code, detail } = failure;
  response.writeHead(status, {
    "Content-Type": wantsPage ? "text/html; charset=utf-8" : "application/json",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
  });
  response.end(wantsPage ? page(detail) : JSON.stringify({ detail, code }));
}

export function refuseUpgrade(connection: Duplex, { status, detail }: PreviewFailure): void {
  connection.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ""}\r\nConnection: close\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: ${Buffer.byteLength(detail)}\r\n\r\n${detail}`,
  );
}

const page = (detail: string): string => `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>No preview</title>
<style>
  body { font: 16px/1.5 system-ui, sans-serif; margin: 20vh auto; max-width: 32rem; padding: 0 1rem; color-scheme: light dark; }
  h1 { font-size: 1.25rem; }
</style>
<h1>There is nothing to see here now</h1>
<p>${escaped(detail)}</p>
<p>Load this page again when the server runs.</p>
</html>
`;

const escaped = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

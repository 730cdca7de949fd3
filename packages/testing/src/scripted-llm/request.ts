/** What the scripted provider remembers of each request. */
import type { IncomingHttpHeaders, ServerResponse } from "node:http";

/** How a request ended: who closed first. */
export type RequestEnd = "answered" | "closed by client" | "closed by server";

export interface ScriptedRequest {
  /** from 1, in order of arrival */
  readonly number: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: ScriptedRequestBody;
  /** characters of the body as it was sent */
  readonly bodyLength: number;
  /** null while the request is open or when it was answered to its end */
  readonly closedByClientAt: Date | null;
  /** resolves when the exchange is over */
  readonly ended: Promise<RequestEnd>;
}

/** The fields that scripts look at; the rest is there too. */
export interface ScriptedRequestBody {
  readonly model: string;
  readonly stream?: boolean;
  readonly stream_options?: { readonly include_usage?: boolean };
  readonly messages: readonly ScriptedMessage[];
  readonly tools?: readonly { readonly function: { readonly name: string } }[];
}

export interface ScriptedMessage {
  readonly role: "system" | "developer" | "user" | "assistant" | "tool";
  readonly content?: unknown;
  readonly tool_calls?: readonly {
    readonly id: string;
    readonly function: { readonly name: string; readonly arguments: string };
  }[];
  readonly tool_call_id?: string;
}

/** A request being served; it watches the connection itself. */
export class RequestRecord implements ScriptedRequest {
  readonly number: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: ScriptedRequestBody;
  readonly bodyLength: number;
  readonly ended: Promise<RequestEnd>;
  closedByClientAt: Date | null = null;
  #closedByServer = false;

  /** @throws SyntaxError where the body is no JSON */
  constructor(number: number, response: ServerResponse, text: string) {
    this.number = number;
    this.headers = response.req.headers;
    this.body = JSON.parse(text) as ScriptedRequestBody;
    this.bodyLength = text.length;
    this.ended = new Promise((resolve) => {
      response.once("close", () => {
        if (response.writableFinished) return resolve("answered");
        if (this.#closedByServer) return resolve("closed by server");
        this.closedByClientAt = new Date();
        resolve("closed by client");
      });
    });
  }

  /** Told before the server itself breaks the connection. */
  breakingOff(): void {
    this.#closedByServer = true;
  }
}

/** What the scripted provider remembers of each request. */
import type { IncomingHttpHeaders, ServerResponse } from "node:http";
import type { Asked, Wire, WireName } from "./wires/wire.ts";

/** How a request ended: who closed first. */
export type RequestEnd = "answered" | "closed by client" | "closed by server";

export interface ScriptedRequest {
  /** from 1, in order of arrival */
  readonly number: number;
  /** by `performance.now()`; of its head, so that reading a long body here does not count */
  readonly arrivedAt: number;
  readonly wireName: WireName;
  /** the model's name as the wire carries it */
  readonly model: string;
  readonly headers: IncomingHttpHeaders;
  /** the body as it was sent */
  readonly text: string;
  /** the body read as JSON, as chat completions have it; of other wires, see `json` */
  readonly body: ScriptedRequestBody;
  /** the body read as JSON, of any wire */
  readonly json: Readonly<Record<string, unknown>>;
  /** null while the request is open or when it was answered to its end */
  readonly closedByClientAt: Date | null;
  /** resolves when the exchange is over */
  readonly ended: Promise<RequestEnd>;
}

/** The fields of chat completions that scripts look at; the rest is there too. */
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

/** What came over the line. */
export interface Received {
  readonly number: number;
  readonly arrivedAt: number;
  readonly wire: Wire;
  readonly asked: Asked;
  readonly text: string;
}

/** A request being served; it watches the connection itself. */
export class RequestRecord implements ScriptedRequest {
  readonly number: number;
  readonly arrivedAt: number;
  readonly wire: Wire;
  readonly asked: Asked;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  readonly ended: Promise<RequestEnd>;
  closedByClientAt: Date | null = null;
  #closedByServer = false;

  constructor(received: Received, response: ServerResponse) {
    this.number = received.number;
    this.arrivedAt = received.arrivedAt;
    this.wire = received.wire;
    this.asked = received.asked;
    this.headers = response.req.headers;
    this.text = received.text;
    this.ended = new Promise((resolve) => {
      response.once("close", () => {
        if (response.writableFinished) return resolve("answered");
        if (this.#closedByServer) return resolve("closed by server");
        this.closedByClientAt = new Date();
        resolve("closed by client");
      });
    });
  }

  get wireName(): WireName {
    return this.wire.name;
  }

  get model(): string {
    return this.asked.model;
  }

  get body(): ScriptedRequestBody {
    return JSON.parse(this.text) as ScriptedRequestBody;
  }

  get json(): Readonly<Record<string, unknown>> {
    return JSON.parse(this.text) as Readonly<Record<string, unknown>>;
  }

  /** Told before the server itself breaks the connection. */
  breakingOff(): void {
    this.#closedByServer = true;
  }
}

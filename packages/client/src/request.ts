/** One HTTP call: JSON out; JSON in, checked against a schema of the protocol, or bytes as they come. */
import { ApiError, clientErrorCode, errorOfAnswer } from "./api-error.ts";

/** What checks an answer: a schema of the protocol, or a function in its shape. @throws when the answer does not fit */
export interface AnswerReader<T> {
  parse(value: unknown): T;
}

/** For answers that say nothing but that it was done. */
export const nothing: AnswerReader<void> = { parse: () => undefined };

export type RawBody = NonNullable<RequestInit["body"]>;

export interface RequestOptions {
  readonly method?: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly body?: unknown;
  /** sent as it is, instead of `body` */
  readonly raw?: RawBody;
  /** parameters that are undefined are left out, those with several values repeated */
  readonly query?: Readonly<Record<string, string | number | readonly string[] | undefined>>;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Calls `path` and gives the checked answer.
 * @throws ApiError for every failure but an abort, which rejects with the signal's reason
 */
export type Request = <T>(path: string, answer: AnswerReader<T>, options?: RequestOptions) => Promise<T>;

/** The answer's bytes as they come. @throws ApiError, as {@link Request} does */
export type Download = (
  path: string,
  options?: Pick<RequestOptions, "query" | "signal">,
) => Promise<ReadableStream<Uint8Array>>;

/** What the calls of `calls/` are made with. */
export interface Connection {
  readonly baseUrl: string;
  readonly request: Request;
  readonly download: Download;
}

export interface RequestTarget {
  /** origin and base path of the server, e.g. `http://127.0.0.1:3000`; empty: the page's own origin */
  readonly baseUrl: string;
  readonly sessionApiKey?: string | undefined;
  readonly fetch: typeof globalThis.fetch;
}

export function connect(target: RequestTarget): Connection {
  return { baseUrl: target.baseUrl, request: createRequest(target), download: createDownload(target) };
}

function createDownload(target: RequestTarget): Download {
  return async (path, options = {}) => {
    const response = await send(target, path, options);
    if (!response.ok) throw errorOfAnswer(response.status, await readBody(response, options.signal));
    return response.body ?? new ReadableStream({ start: (controller) => controller.close() });
  };
}

function createRequest(target: RequestTarget): Request {
  return async (path, answer, options = {}) => {
    const response = await send(target, path, options);
    const body = await readBody(response, options.signal);
    if (!response.ok) throw errorOfAnswer(response.status, body);
    try {
      return answer.parse(body);
    } catch (cause) {
      throw new ApiError(
        {
          status: response.status,
          code: clientErrorCode.unreadable,
          detail:
            "The server's answer could not be understood. It may be of another version than this program.",
        },
        { cause },
      );
    }
  };
}

async function send(target: RequestTarget, path: string, options: RequestOptions): Promise<Response> {
  const headers = new Headers({ accept: "application/json" });
  if (target.sessionApiKey !== undefined) headers.set("x-session-api-key", target.sessionApiKey);
  if (options.body !== undefined) headers.set("content-type", "application/json");
  const init: RequestInit = { method: options.method ?? "GET", headers };
  if (options.body !== undefined) init.body = JSON.stringify(options.body);
  if (options.raw !== undefined) init.body = options.raw;
  if (options.signal) init.signal = options.signal;
  try {
    return await target.fetch(`${target.baseUrl}${path}${queryText(options.query)}`, init);
  } catch (cause) {
    options.signal?.throwIfAborted();
    throw unreachable(target, cause);
  }
}

/** Null for an empty body or one that is not JSON: the schema or the status decides what that means. */
async function readBody(response: Response, signal: AbortSignal | undefined): Promise<unknown> {
  let body: string;
  try {
    body = await response.text();
  } catch (cause) {
    signal?.throwIfAborted();
    throw new ApiError(
      {
        status: 0,
        code: clientErrorCode.network,
        detail: "The connection broke off before the answer was whole.",
      },
      { cause },
    );
  }
  try {
    return JSON.parse(body) as unknown;
  } catch {
    return null;
  }
}

function unreachable(target: RequestTarget, cause: unknown): ApiError {
  const where = target.baseUrl === "" ? "" : ` at ${target.baseUrl}`;
  return new ApiError(
    {
      status: 0,
      code: clientErrorCode.network,
      detail: `The OpenHands server${where} cannot be reached. Check that it is running.`,
    },
    { cause },
  );
}

function queryText(query: RequestOptions["query"]): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) {
    for (const each of value === undefined ? [] : [value].flat()) parameters.append(name, String(each));
  }
  const text = parameters.toString();
  return text === "" ? "" : `?${text}`;
}

/**
 * What an error says about a failed call: status, headers, the provider's words, the network's code. Vendors' packages,
 * fetch and the error parts of streams each put these elsewhere along the chain of causes; only this file knows where.
 */
import { AnswerFault, StreamedError } from "./answer-fault.ts";

export interface Evidence {
  /** HTTP status, also of an error within a stream that names one */
  readonly status: number | null;
  readonly headers: Readonly<Record<string, string>>;
  /** the provider's own sentence, or null where it said nothing that a person can read */
  readonly said: string | null;
  /** everything that was said, for looking up known words; not for showing */
  readonly words: string;
  /** of the operating system, TLS or the HTTP client, e.g. ECONNREFUSED */
  readonly networkCode: string | null;
  readonly fault: AnswerFault | null;
  /** an answer came, but not in the agreed form */
  readonly unreadable: boolean;
  /** the vendor's package refused the request before sending it */
  readonly refusedLocally: boolean;
}

const networkCodes =
  /^(E(CONN(REFUSED|RESET|ABORTED)|PIPE|TIMEDOUT|NOTFOUND|AI_AGAIN|HOSTUNREACH|HOSTDOWN|NETUNREACH|NETDOWN|ADDRNOTAVAIL|PROTO)|ERR_(TLS|SSL)_\w+|HPE_\w+|CERT_\w+|SELF_SIGNED_\w+|DEPTH_ZERO_\w+|UNABLE_TO_\w+)$/;
const unreadableNames = new Set([
  "AI_JSONParseError",
  "AI_TypeValidationError",
  "AI_InvalidResponseDataError",
]);
const refusedNames = new Set([
  "AI_UnsupportedFunctionalityError",
  "AI_InvalidPromptError",
  "AI_InvalidArgumentError",
]);
/** Longer sentences hide what to do about the failure. */
const longestSaid = 300;

/** @returns null where `error` has nothing to do with a provider: a bug, or somebody else's failure */
export function evidenceOf(error: unknown): Evidence | null {
  const chain = causeChain(error);
  const names = chain.map((link) => textField(link, "name") ?? "");
  const evidence: Evidence = {
    status: firstOf(chain, statusOf),
    headers: firstOf(chain, headersOf) ?? {},
    said: saidIn(chain),
    words: chain.map(wordsOf).join("\n"),
    networkCode: firstOf(chain, networkCodeOf),
    fault: chain.find((link) => link instanceof AnswerFault) ?? null,
    unreadable: names.some((name) => unreadableNames.has(name)),
    refusedLocally: names.some((name) => refusedNames.has(name)),
  };
  const foreign =
    names.some((name) => name.startsWith("AI_")) ||
    chain.some((link) => link instanceof StreamedError) ||
    evidence.fault !== null ||
    evidence.networkCode !== null;
  return foreign ? evidence : null;
}

/** The error and what caused it, outermost first. A cause may be any object, or text, as a stream's error part is. */
function causeChain(error: unknown): readonly unknown[] {
  const chain: unknown[] = [];
  for (
    let link = error;
    link !== undefined && link !== null && chain.length < 8;
    link = field(link, "cause")
  ) {
    chain.push(link);
  }
  return chain;
}

function statusOf(link: unknown): number | null {
  for (const name of ["statusCode", "status", "code"]) {
    const value = Number(field(link, name));
    if (Number.isInteger(value) && value >= 300 && value < 600) return value;
  }
  return null;
}

function headersOf(link: unknown): Readonly<Record<string, string>> | null {
  const headers = field(link, "responseHeaders");
  return typeof headers === "object" && headers !== null ? (headers as Record<string, string>) : null;
}

function networkCodeOf(link: unknown): string | null {
  const code = textField(link, "code");
  return code !== null && networkCodes.test(code) ? code : null;
}

function wordsOf(link: unknown): string {
  if (typeof link === "string") return link;
  return ["message", "responseBody", "type", "code"].map((name) => textField(link, name) ?? "").join("\n");
}

/** The body's sentence where there is a body, else the sentence of a streamed error. */
function saidIn(chain: readonly unknown[]): string | null {
  const body = firstOf(chain, (link) => textField(link, "responseBody"));
  if (body !== null) return readable(sentenceOfBody(body));
  const streamed = chain.findIndex((link) => link instanceof StreamedError);
  const part = streamed < 0 ? null : chain[streamed + 1];
  return readable(typeof part === "string" ? part : textField(part, "message"));
}

/** Providers write `{error: {message}}`, `{error: "…"}`, `{message}`, `{detail}`, a list of such, or plain text. */
function sentenceOfBody(body: string): string | null {
  const parsed = parseJson(body);
  if (parsed === undefined) return body;
  const first: unknown = Array.isArray(parsed) ? parsed[0] : parsed;
  const error = field(first, "error");
  if (typeof error === "string") return error;
  return textField(error, "message") ?? textField(first, "message") ?? textField(first, "detail");
}

function readable(text: string | null): string | null {
  const line = text?.replace(/\s+/g, " ").trim() ?? "";
  if (line === "" || line.startsWith("<")) return null;
  return line.length > longestSaid ? `${line.slice(0, longestSaid)}…` : line;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function field(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}

function textField(value: unknown, name: string): string | null {
  const found = field(value, name);
  return typeof found === "string" ? found : null;
}

function firstOf<T>(chain: readonly unknown[], find: (link: unknown) => T | null): T | null {
  for (const link of chain) {
    const found = find(link);
    if (found !== null) return found;
  }
  return null;
}

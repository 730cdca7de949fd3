/**
 * Sorts every way in which a call can fail into the closed list of kinds, and says of each whether another try may
 * help and what the person should do. The one place where meaning is read from a provider's words.
 */
import { type Evidence, evidenceOf } from "./failure-evidence.ts";
import type { FailureKind } from "./model.ts";
import type { Provider } from "./providers/provider.ts";
import { retryAfterSeconds } from "./retry-after.ts";

export interface Failure {
  readonly kind: FailureKind;
  /** whether the same request may succeed a little later */
  readonly retry: boolean;
  /** what happened and what to do, for the person; without the key */
  readonly message: string;
  /** how long the provider asks to wait; null where it does not say */
  readonly retryAfterSeconds: number | null;
  readonly cause: Error;
}

/** Where the call went. */
export interface FailurePlace {
  readonly provider: Provider;
  readonly modelId: string;
  readonly baseUrl: string;
  /** whether the limits of local models hold */
  readonly local: boolean;
  /** to be kept out of every text */
  readonly key: string | null;
  readonly now: Date;
}

type Verdict = Pick<Failure, "kind" | "retry"> & { readonly message: string };

/** @returns null where `error` is not a provider's doing and must be thrown on as it is */
export function classifyFailure(error: unknown, place: FailurePlace): Failure | null {
  const evidence = evidenceOf(error);
  if (!evidence) return null;
  const wait = retryAfterSeconds(evidence, place.now);
  const verdict = judge(evidence, place, wait);
  return {
    kind: verdict.kind,
    retry: verdict.retry && evidence.headers["x-should-retry"] !== "false",
    message: withoutKey(verdict.message, place.key),
    retryAfterSeconds: wait,
    cause: slimCause(error, evidence, place.key),
  };
}

function judge(evidence: Evidence, place: FailurePlace, wait: number | null): Verdict {
  if (evidence.fault) return judgeFault(evidence.fault.fault, evidence.fault.seconds, place);
  // Known words are more exact than the status they come with, and both than a broken connection.
  const known = judgeWords(evidence, place, wait);
  if (known) return known;
  if (evidence.status !== null) return judgeStatus(evidence.status, evidence, place);
  if (evidence.networkCode !== null) return judgeNetwork(evidence.networkCode, place);
  const { host } = new URL(place.baseUrl);
  const said = quoted(evidence.said);
  if (evidence.unreadable) {
    const message = `The provider at ${host} sent an answer that cannot be understood. Check the base URL in Settings.`;
    return { kind: "malformed", retry: true, message };
  }
  if (evidence.refusedLocally) {
    const message = `The request does not fit ${place.provider.label}. Choose another model in Settings.`;
    return { kind: "bad_request", retry: false, message };
  }
  const message = `The provider at ${host} failed${said}. Try again later, or choose another model in Settings.`;
  return { kind: "overloaded", retry: true, message };
}

function judgeFault(fault: string, seconds: number, { baseUrl, modelId, local }: FailurePlace): Verdict {
  const { host } = new URL(baseUrl);
  const prefix = local ? "llm_local" : "llm";
  switch (fault) {
    case "first-byte":
      return {
        kind: "timeout",
        retry: true,
        message:
          `The provider at ${host} did not begin to answer within ${seconds} seconds. ` +
          `Check that it works, or raise ${prefix}_first_byte_seconds in Settings.`,
      };
    case "silence":
      return {
        kind: "timeout",
        retry: true,
        message:
          `The provider at ${host} fell silent for ${seconds} seconds in the middle of its answer. ` +
          `Send a message to try again, or raise ${prefix}_silence_seconds in Settings.`,
      };
    case "call":
      return {
        kind: "timeout",
        retry: false,
        message:
          `The model "${modelId}" was still answering after ${seconds} seconds and was stopped. ` +
          `Send a message to try again, or raise ${prefix}_call_seconds in Settings.`,
      };
    case "empty":
      return {
        kind: "empty",
        retry: true,
        message: `The model "${modelId}" answered with nothing. Send a message to try again, or choose another model in Settings.`,
      };
    case "unreadable-call":
      return {
        kind: "malformed",
        retry: true,
        message: `The model "${modelId}" called a tool in a way that its provider can't read. Send a message to try again, or choose another model in Settings.`,
      };
    default:
      return { kind: "network", retry: true, message: brokenOff(host) };
  }
}

/** How providers say that a request is longer than the model can read; `failure.test.ts` has the sentence of each. */
const contextWords = new RegExp(
  [
    "context[ _]length",
    "context window",
    "context limit",
    "context size",
    "maximum context",
    "prompt (is )?too long",
    "input is too long",
    "too long to fit",
    "maximum (prompt|model) length",
    "too many (input |prompt )?tokens",
    "token count .{0,40}exceeds",
    "reduce the length",
    "expected maxLength",
    "tokens to keep from the initial prompt",
    "context (the )?overflows",
  ].join("|"),
  "i",
);
const quotaWords =
  /insufficient[_ ]quota|exceeded your current quota|credit balance|out of credits|insufficient balance|spending limit|billing[_ ]hard[_ ]limit/i;
const filterWords = /content[_ ]?(filter|policy|management)|ResponsibleAIPolicy/i;
const keyWords =
  /api[_ ]?key (is )?(not valid|invalid|expired)|(invalid|incorrect|expired) api[_ ]?key|API_KEY_INVALID/i;
const rateWords = /rate[_ ]limit/i;

/** What providers say with a status that fits many things, or without one. */
function judgeWords(evidence: Evidence, place: FailurePlace, wait: number | null): Verdict | null {
  const { status, words } = evidence;
  const clientFault = status === null || (status >= 400 && status < 500);
  // Servers of one's own answer 500 to what is too long.
  if (!clientFault && !contextWords.test(words)) return null;
  if (status === 402 || (quotaWords.test(words) && wait === null)) return judgeQuota(place, status);
  if (status === 429 || status === 401 || status === 403) return null;
  if (contextWords.test(words)) {
    const message = `The conversation is longer than "${place.modelId}" can read. Condense it, or choose a model with a larger window in Settings.`;
    return { kind: "context_overflow", retry: false, message };
  }
  if (filterWords.test(words)) {
    const message = `The content filter of ${place.provider.label} refused the request. Say it in other words, or choose another model in Settings.`;
    return { kind: "content_filter", retry: false, message };
  }
  if (keyWords.test(words)) return judgeKey(place, status);
  return status === null && rateWords.test(words) ? judgeStatus(429, evidence, place) : null;
}

function judgeStatus(status: number, evidence: Evidence, place: FailurePlace): Verdict {
  const { host } = new URL(place.baseUrl);
  const said = quoted(evidence.said);
  if (status < 400) {
    const message = `The base URL leads elsewhere (${status}). Put the address that ${host} redirects to into Settings.`;
    return { kind: "bad_request", retry: false, message };
  }
  if (status === 401) return judgeKey(place, status);
  if (status === 403) {
    const message = `The provider at ${host} does not allow this (403)${said}. Check in Settings that the key may use "${place.modelId}".`;
    return { kind: "auth", retry: false, message };
  }
  if (status === 404) {
    const message = `The provider at ${host} does not know "${place.modelId}" (404)${said}. Check the model and the base URL in Settings.`;
    return { kind: "bad_request", retry: false, message };
  }
  if (status === 413) {
    const message = `The request is too large for the provider at ${host} (413). Condense the conversation.`;
    return { kind: "context_overflow", retry: false, message };
  }
  if (status === 429) {
    const message = `The provider at ${host} limits how often it may be asked (429)${said}. Wait, or choose another model in Settings.`;
    return { kind: "rate_limit", retry: true, message };
  }
  if (status === 408) {
    const message = `The provider at ${host} ran out of time (408). Send a message to try again.`;
    return { kind: "timeout", retry: true, message };
  }
  if (status >= 500 || status === 409 || status === 425) {
    const message = `The provider at ${host} failed or is overloaded (${status})${said}. Try again later, or choose another model in Settings.`;
    return { kind: "overloaded", retry: true, message };
  }
  const message = `The provider at ${host} refused the request (${status})${said}. Check the model in Settings.`;
  return { kind: "bad_request", retry: false, message };
}

function judgeKey({ baseUrl, key }: FailurePlace, status: number | null): Verdict {
  const { host } = new URL(baseUrl);
  const message =
    key === null
      ? `The provider at ${host} wants a key and none is set${inBrackets(status)}. Put one into Settings.`
      : `The provider at ${host} refused the key${inBrackets(status)}. Put a valid key into Settings.`;
  return { kind: "auth", retry: false, message };
}

function judgeQuota({ baseUrl }: FailurePlace, status: number | null): Verdict {
  const { host } = new URL(baseUrl);
  const message = `The account at ${host} has no credit left${inBrackets(status)}. Add credit there, or put another key into Settings.`;
  return { kind: "quota", retry: false, message };
}

/** How the network's codes read, and whether waiting may help. */
const networkFailures: readonly { readonly code: RegExp; readonly name: string; readonly retry: boolean }[] =
  [
    { code: /^ECONNREFUSED$/, name: "connection refused", retry: true },
    { code: /^ENOTFOUND$/, name: "no such host", retry: false },
    { code: /^EAI_AGAIN$/, name: "the host's name could not be looked up", retry: true },
    { code: /^ETIMEDOUT$/, name: "no reply from that address", retry: true },
    { code: /^(EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL)$/, name: "no way to that network", retry: true },
    { code: /CERT|SELF_SIGNED|DEPTH_ZERO|UNABLE_TO/, name: "its certificate is not trusted", retry: false },
    { code: /^(ERR_SSL|EPROTO|HPE_)/, name: "it does not speak the protocol of this URL", retry: false },
  ];

function judgeNetwork(code: string, { baseUrl }: FailurePlace): Verdict {
  const url = new URL(baseUrl);
  const failure = networkFailures.find((row) => row.code.test(code));
  if (!failure) return { kind: "network", retry: true, message: brokenOff(url.host, code) };
  const message =
    `Could not connect to ${url.origin}${url.pathname} (${failure.name}). ` +
    `Check the base URL in Settings, or start the model server.`;
  return { kind: "network", retry: failure.retry, message };
}

const brokenOff = (host: string, code: string | null = null): string =>
  `The connection to ${host} broke off before the answer was complete${inBrackets(code)}. ` +
  `Send a message to try again; where it happens again, check the base URL in Settings.`;

const inBrackets = (value: string | number | null): string => (value === null ? "" : ` (${value})`);

const quoted = (said: string | null): string => (said === null ? "" : `: "${said}"`);

/** Providers like to quote the key they refuse, in full or with its middle left out. */
function withoutKey(text: string, key: string | null): string {
  // Shorter ones are words like "none", written for servers that want no key; cutting them out would garble sentences.
  const secret = key !== null && key.length >= 8 ? key : null;
  const exact =
    secret === null ? text : text.replaceAll(secret, "[key]").replaceAll(encodeURIComponent(secret), "[key]");
  return exact.replace(/\b(sk|gsk|xai|pk|AIza)[-_]?[\w*-]{8,}/g, "[key]");
}

/** The vendors' errors hold the whole request, which must not travel into logs; this holds what is needed to look into it. */
function slimCause(error: unknown, evidence: Evidence, key: string | null): Error {
  const name = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  const status = evidence.status === null ? "" : ` (status ${evidence.status})`;
  return new Error(withoutKey(`${name}${status}${quoted(evidence.said)}`, key));
}

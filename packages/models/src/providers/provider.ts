/** What a row of the provider table says. */
import type { LanguageModelV4, SharedV4ProviderOptions } from "@ai-sdk/provider";

export interface Provider {
  /** What may stand before the first slash of a model's name; the first is the usual one. */
  readonly prefixes: readonly [string, ...string[]];
  /** as the person knows it */
  readonly label: string;
  /** where it answers unless the settings say otherwise; null where nothing can be guessed */
  readonly baseUrl: string | null;
  /** added where the person wrote a base URL without a path, e.g. `/v1` */
  readonly defaultPath: string;
  /** whether `baseUrl` answers nobody without a key */
  readonly needsKey: boolean;
  /** a server on hardware of the person's own: it may have to load the model first, and think slowly */
  readonly local: boolean;
  /** the provider's name in the catalogue's data; null where it has no models and prices of its own */
  readonly catalogue: string | null;
  /** whether a test has spoken its wire; the docs list the others as untried */
  readonly tried: boolean;
  /** model names without a prefix that are this provider's */
  readonly bareNames?: RegExp;
  /** how the key travels; names in lower case, so that they replace the vendor package's own */
  readonly keyHeaders: (key: string) => Readonly<Record<string, string>>;
  /** sent along with every request; `conversation` is the same in all requests that begin alike */
  readonly requestOptions?: (conversation: string) => SharedV4ProviderOptions;
  /** Loads the vendor's package and makes the model object. No request is sent, and no key is needed yet. */
  readonly connect: (endpoint: Endpoint) => Promise<LanguageModelV4>;
}

export interface Endpoint {
  readonly baseUrl: string;
  /** the name as the provider knows it */
  readonly modelId: string;
  readonly fetch: typeof fetch;
}

export const bearerKey = (key: string): Readonly<Record<string, string>> => ({
  authorization: `Bearer ${key}`,
});

/** From the name that a person writes to who is asked, where, and for what. */
import { namesFor } from "./catalogue/catalogue.ts";
import { demoModelNames } from "./demo/demo-model.ts";
import { ModelError } from "./model.ts";
import { ownUrlProvider } from "./providers/own-url.ts";
import type { Provider } from "./providers/provider.ts";
import { providers } from "./providers/registry.ts";
import { replayPrefix } from "./replay/replay-model.ts";

export type ResolvedModelName =
  | { readonly kind: "demo" }
  | { readonly kind: "replay" }
  | {
      readonly kind: "provider";
      readonly provider: Provider;
      /** the name as the provider knows it */
      readonly modelId: string;
      /** without a slash at the end */
      readonly baseUrl: string;
    };

/** Such a model only plays what was written down: it can give no title and no summary. */
export const isScripted = (name: string): boolean =>
  name.startsWith("demo/") || name.startsWith(replayPrefix);

/**
 * - `demo/…`, `replay/…`: nobody is asked.
 * - `provider/model`: that provider, at `baseUrl` where one is set.
 * - Any other name with a `baseUrl`: sent as it is to the OpenAI-compatible server there, for proxies name their
 *   models as they like.
 * - A bare name (`gpt-…`, `claude-…`) without a `baseUrl`: the provider that is known for it.
 * @throws ModelError bad_request, saying which names fit, or which prefixes there are
 */
export function resolveModelName(name: string, baseUrl: string | null): ResolvedModelName {
  if (demoModelNames.includes(name)) return { kind: "demo" };
  if (name.startsWith(replayPrefix)) return { kind: "replay" };
  const slash = name.indexOf("/");
  const prefix = slash < 0 ? null : name.slice(0, slash);
  const named = providers.find((provider) => prefix !== null && provider.prefixes.includes(prefix));
  if (named) return at(named, name.slice(slash + 1), baseUrl, name);
  if (prefix === "demo") throw new ModelError("bad_request", unknownDemo(name));
  if (baseUrl !== null) return at(ownUrlProvider, name, baseUrl, name);
  const known = prefix === null ? providers.find((provider) => provider.bareNames?.test(name)) : undefined;
  if (known) return at(known, name, null, name);
  throw new ModelError("bad_request", unknownName(name));
}

/** Whether the same key and base URL may serve both: they name the same provider, or neither names one. */
export function sameProvider(oneName: string, otherName: string): boolean {
  return providerNamed(oneName) === providerNamed(otherName);
}

function providerNamed(name: string): Provider | undefined {
  const slash = name.indexOf("/");
  const prefix = name.slice(0, Math.max(0, slash));
  return slash < 0
    ? providers.find((provider) => provider.bareNames?.test(name))
    : providers.find((provider) => provider.prefixes.includes(prefix));
}

function at(provider: Provider, modelId: string, ownUrl: string | null, name: string): ResolvedModelName {
  if (modelId === "") {
    throw new ModelError(
      "bad_request",
      `"${name}" names a provider and no model. Add the model in Settings.`,
    );
  }
  const baseUrl = ownUrl ?? provider.baseUrl;
  if (baseUrl === null) {
    const message = `"${name}" needs a base URL, for ${provider.label} has no public one. Put it into Settings.`;
    throw new ModelError("bad_request", message);
  }
  return { kind: "provider", provider, modelId, baseUrl: completeUrl(baseUrl, provider, name) };
}

function completeUrl(baseUrl: string, provider: Provider, name: string): string {
  const url = URL.parse(baseUrl);
  if (!url || !/^https?:$/.test(url.protocol)) {
    const message = `The base URL for "${name}" must start with http:// or https://. Correct it in Settings.`;
    throw new ModelError("bad_request", message);
  }
  const path = url.pathname.replace(/\/+$/, "");
  url.pathname = path === "" ? provider.defaultPath : path;
  return url.href.replace(/\/+$/, "");
}

function unknownName(name: string): string {
  const fitting = namesFor(name);
  if (fitting.length > 0) {
    return `The model "${name}" is known as ${fitting.join(" and as ")}. Write one of these in Settings.`;
  }
  const prefixes = providers.map((provider) => `${provider.prefixes[0]}/`).join(", ");
  return (
    `No provider is known for the model "${name}". Write it as provider/model with one of ${prefixes} ` +
    `or set the base URL of an OpenAI-compatible server in Settings.`
  );
}

const unknownDemo = (name: string): string =>
  `There is no demonstration model "${name}". Choose ${demoModelNames.join(" or ")} in Settings.`;

import { connectCompatible } from "./openai-compatible.ts";
import { bearerKey, type Provider } from "./provider.ts";

/** The provider behind a base URL that no prefix names: a proxy or server of the person's own. */
export const ownUrlProvider: Provider = {
  prefixes: ["openai"],
  label: "The provider",
  baseUrl: null,
  defaultPath: "",
  needsKey: false,
  local: false,
  catalogue: null,
  tried: true,
  keyHeaders: bearerKey,
  connect: connectCompatible,
};

import type { Provider } from "./providers/provider.ts";

/** Addresses within the house: loopback, private networks, names without a domain. */
const nearHosts =
  /^(localhost|\[::1\]|127\..*|10\..*|192\.168\..*|172\.(1[6-9]|2\d|3[01])\..*|[^.]+|.*\.(local|lan|internal|home\.arpa))$/;

/** Whether a model runs on hardware of the person's own, which may have to load it first and think slowly. */
export function isLocal({ provider, baseUrl }: { provider: Provider; baseUrl: string }): boolean {
  return provider.local || nearHosts.test(new URL(baseUrl).hostname);
}

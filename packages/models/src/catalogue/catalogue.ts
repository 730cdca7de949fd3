/**
 * What is publicly known of models: a dated data file, made by `scripts/refresh-models.mjs` and read when it is first
 * asked for. What the person says of a model in the settings stands before it.
 */
import { createRequire } from "node:module";
import { ModelFacts, type OwnModelFacts } from "@openhands/protocol";
import type { Provider } from "../providers/provider.ts";
import { providers } from "../providers/registry.ts";

interface CatalogueData {
  readonly date: string;
  /** by provider, then by the model's id there; a missing field is not known */
  readonly providers: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

export interface KnownFacts {
  readonly facts: ModelFacts;
  /** null where nothing is known */
  readonly source: string | null;
  /** null where the prices are not known */
  readonly priceSource: string | null;
}

export const noFacts: ModelFacts = ModelFacts.parse({});

const require = createRequire(import.meta.url);
/** Parsed once: Node keeps what was required. */
const data = (): CatalogueData => require("./models.generated.json") as CatalogueData;

/** Where a model is asked. */
export interface ModelPlace {
  readonly provider: Provider;
  readonly modelId: string;
  readonly baseUrl: string;
}

/** What is known of the model at `place`, `own` before the catalogue. */
export function knownFacts(
  { provider, modelId, baseUrl }: ModelPlace,
  own: OwnModelFacts | null,
): KnownFacts {
  const { date, providers: lists } = data();
  const list = provider.catalogue === null ? undefined : lists[provider.catalogue];
  const listed = list && (list[modelId] ?? list[undated(modelId)]);
  const found = listed === undefined ? noFacts : ModelFacts.parse(listed);
  // Somebody else's server has somebody else's prices.
  const priced = isOwnAddress(provider, baseUrl) ? found : { ...found, prices: null, price_tiers: [] };
  const catalogue = `catalogue of ${date}`;
  const { prices: ownPrices = null, ...ownOthers } = own ?? {};
  return {
    facts: ModelFacts.parse({
      ...priced,
      ...ownOthers,
      ...(ownPrices === null ? {} : { prices: ownPrices, price_tiers: [] }),
    }),
    source: own !== null ? "settings" : listed === undefined ? null : catalogue,
    priceSource: ownPrices !== null ? "settings" : priced.prices === null ? null : catalogue,
  };
}

/** Every model that the catalogue knows, as a person writes it: `provider/model`. */
export function catalogueNames(): readonly string[] {
  const { providers: lists } = data();
  return providers.flatMap(({ prefixes, catalogue }) =>
    Object.keys((catalogue === null ? undefined : lists[catalogue]) ?? {}).map(
      (id) => `${prefixes[0]}/${id}`,
    ),
  );
}

/** The names under which the catalogue knows a model that was written without its provider. */
export function namesFor(bare: string): readonly string[] {
  return catalogueNames().filter((name) => name.endsWith(`/${bare}`));
}

/** A model's name without the date of its version, under which the newest one is listed. */
const undated = (modelId: string): string => modelId.replace(/[-@](\d{8}|\d{4}-\d{2}-\d{2})$/, "");

/** Another region of a provider is its own address; a proxy is not. Where none can be guessed, any is. */
function isOwnAddress(provider: Provider, baseUrl: string): boolean {
  return provider.baseUrl === null || domainOf(provider.baseUrl) === domainOf(baseUrl);
}

const domainOf = (url: string): string => new URL(url).hostname.split(".").slice(-2).join(".");

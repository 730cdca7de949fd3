import type { ModelInfo, OwnModelFacts } from "@openhands/protocol";
import { demoFacts } from "../demo/demo-model.ts";
import { resolveModelName } from "../model-name.ts";
import { replayFacts } from "../replay/replay-model.ts";
import { knownFacts } from "./catalogue.ts";

/**
 * What is known of the model that `name` and `baseUrl` mean, without asking anybody.
 * @param own what the person says of it
 * @throws ModelError bad_request where the name fits no provider
 */
export function describeModel(name: string, baseUrl: string | null, own: OwnModelFacts | null): ModelInfo {
  const resolved = resolveModelName(name, baseUrl);
  if (resolved.kind === "demo") {
    return { name, facts: demoFacts, source: "demonstration", price_source: "demonstration" };
  }
  if (resolved.kind === "replay") {
    return { name, facts: replayFacts, source: "replay", price_source: "replay" };
  }
  const { facts, source, priceSource } = knownFacts(resolved, own);
  return { name, facts, source, price_source: priceSource };
}

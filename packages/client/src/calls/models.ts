import { ModelInfo, ModelNames, ProbeReport, type ProbeRequest } from "@openhands/protocol";
import type { Connection } from "../request.ts";

export function modelCalls({ request }: Connection) {
  return {
    /** Names that are known; any other may be used as well. */
    names: () => request("/api/options/models", ModelNames),
    /** What is known of one. */
    describe: (name: string) => request("/api/models", ModelInfo, { query: { name } }),
    /** Tries a model with a few short questions; what is left out is that of the settings. */
    probe: (body: ProbeRequest) => request("/api/models/probe", ProbeReport, { method: "POST", body }),
    /** Names of agents. */
    agents: () => request("/api/options/agents", ModelNames),
    /** Names of those who may judge how risky an action is. */
    securityAnalyzers: () => request("/api/options/security-analyzers", ModelNames),
  };
}

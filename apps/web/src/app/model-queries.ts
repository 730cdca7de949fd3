/** REST data about models: which there are, whether one works, what they cost. */
import type { ProbeRequest, SwitchModelRequest } from "@openhands/protocol";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useServices } from "./services.ts";

/** Names that are known, for suggestions. */
export function useModelNames() {
  const { client } = useServices();
  return useQuery({
    queryKey: ["model-names"],
    queryFn: () => client.models.names(),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** What is known of a model. @param name undefined: nothing is asked */
export function useModelFacts(name: string | undefined) {
  const { client } = useServices();
  return useQuery({
    queryKey: ["model-facts", name],
    queryFn: () => client.models.describe(name ?? ""),
    enabled: name !== undefined,
    staleTime: 60_000,
  });
}

/** Tries a model; what the request leaves out is that of the settings. */
export function useProbe() {
  const { client } = useServices();
  return useMutation({ mutationFn: (request: ProbeRequest) => client.models.probe(request) });
}

export function useUsage() {
  const { client } = useServices();
  return useQuery({ queryKey: ["usage"], queryFn: () => client.usage() });
}

export function useSwitchModel(id: string) {
  const { client } = useServices();
  return useMutation({
    mutationFn: (llm: SwitchModelRequest["llm"]) => client.switchModel(id, { llm }),
  });
}

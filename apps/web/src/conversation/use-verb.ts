import type { Client } from "@openhands/client";
import { useMutation } from "@tanstack/react-query";
import { useServices } from "../app/services.ts";

export type Verb = "run" | "pause" | "interrupt" | "suspend" | "resume" | "retryNow";

export interface VerbState {
  readonly go: () => void;
  readonly isPending: boolean;
  /** why it could not be done, for the person */
  readonly failure: string | null;
}

/** Something that can be done with a conversation by one call. */
export function useVerb(id: string, verb: Verb): VerbState {
  const { client } = useServices();
  const call: Client[Verb] = client[verb];
  const { mutate, isPending, error } = useMutation({ mutationFn: () => call(id) });
  return { go: () => mutate(), isPending, failure: error?.message ?? null };
}

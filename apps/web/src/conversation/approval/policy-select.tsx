import { useMutation } from "@tanstack/react-query";
import { ChevronDown, ShieldQuestion } from "lucide-react";
import { useStore } from "zustand";
import { useServices } from "../../app/services.ts";
import type { ConversationSession } from "../conversation-session.ts";
import {
  choiceOf,
  isPolicyChoice,
  type PolicyChoice,
  policyChoices,
  policyOf,
  policyWords,
} from "./policy-choice.ts";

/** When the agent asks in this conversation. Holds from its next action on. */
export function PolicySelect({ session }: { session: ConversationSession }) {
  const { client } = useServices();
  const policy = useStore(session.store, (view) => view.info?.confirmation_policy);
  const change = useMutation({
    mutationFn: (choice: PolicyChoice) => client.confirmation.setPolicy(session.id, policyOf(choice)),
    onError: (error) => session.store.setState({ warning: error.message }),
  });
  if (!policy) return null;
  return (
    <label
      title="When it asks before it does something"
      className="relative flex h-[30px] items-center gap-1.5 rounded-lg px-1.5 text-row text-mute hover:text-ink has-focus-visible:outline-2 has-focus-visible:outline-accent max-md:h-9"
    >
      <ShieldQuestion aria-hidden className="size-4 shrink-0" />
      <span aria-hidden className="@max-xl:hidden">
        {policyWords[choiceOf(policy)]}
      </span>
      <ChevronDown aria-hidden className="size-3 text-faint @max-xl:hidden" />
      <select
        aria-label="When it asks"
        data-testid="policy"
        className="absolute inset-0 w-full cursor-pointer appearance-none text-ink opacity-0"
        value={change.isPending ? change.variables : choiceOf(policy)}
        onChange={({ target }) => isPolicyChoice(target.value) && change.mutate(target.value)}
      >
        {policyChoices.map((choice) => (
          <option key={choice} value={choice} className="bg-panel text-ink">
            {policyWords[choice]}
          </option>
        ))}
      </select>
    </label>
  );
}

import type { SettingsInfo } from "@openhands/protocol";
import { useSaveSettings } from "../app/queries.ts";
import { ChoiceRow } from "../components/ui/choice-row.tsx";
import {
  policyChoices,
  policyWords,
  settingsChoice,
  settingsPatchFor,
} from "../conversation/approval/policy-choice.ts";

/** When the agent asks, in conversations that are begun from now on. */
export function AskingSettings({ settings }: { settings: SettingsInfo }) {
  const save = useSaveSettings();
  const allowed = settings.always_allowed.length;
  return (
    <div className="flex flex-col gap-2.5" data-testid="asking">
      <ChoiceRow
        name="asking"
        legend="Approvals"
        choices={policyChoices}
        words={policyWords}
        chosen={settingsChoice(settings)}
        onChoose={(choice) => save.mutate(settingsPatchFor(choice, settings))}
      />
      <p className="text-small text-mute">
        For new conversations; each can be changed beside its message field. Risky is what deletes much, sends
        or publishes something, gains rights, or leaves the workspace.
      </p>
      {allowed > 0 ? (
        <p className="text-small text-mute">
          {allowed === 1 ? "1 thing is" : `${allowed} things are`} always allowed.{" "}
          <button
            type="button"
            onClick={() => save.mutate({ always_allowed: [] })}
            className="text-ink underline underline-offset-2"
          >
            Ask again about {allowed === 1 ? "it" : "them"}
          </button>
        </p>
      ) : null}
      {save.isError ? <p className="text-small text-bad">{save.error.message}</p> : null}
    </div>
  );
}

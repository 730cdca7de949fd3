import type { SettingsInfo, SettingsPatch } from "@openhands/protocol";
import { useState } from "react";
import { useSaveSettings } from "../app/queries.ts";
import { Button } from "../components/ui/button.tsx";
import { Field } from "../components/ui/field.tsx";
import { Input } from "../components/ui/input.tsx";
import { Notice } from "../components/ui/notice.tsx";
import { limitFields, type LimitField, limitPatch, limitTexts } from "./limit-patch.ts";

/** What sandboxes may take, from the next one on. */
export function LimitSettings({ settings }: { settings: SettingsInfo }) {
  const save = useSaveSettings();
  const [texts, setTexts] = useState(() => limitTexts(settings));
  const patch = limitPatch(texts, settings);
  const change = (field: LimitField, text: string): void => {
    save.reset();
    setTexts((before) => ({ ...before, [field]: text }));
  };
  const send = (changes: SettingsPatch): void =>
    save.mutate(changes, { onSuccess: (saved) => setTexts(limitTexts(saved)) });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        send(patch);
      }}
      className="flex flex-col gap-5"
      aria-labelledby="limits-heading"
    >
      <div>
        <h2 id="limits-heading" className="text-[15px] font-semibold">
          Sandboxes
        </h2>
        <p className="text-row text-mute">What each may take. A change counts from the next one on.</p>
      </div>
      {limitFields.map(({ field, name, note }) => (
        <Field key={field} id={field} name={name} note={overrideOf(settings, field) ?? note}>
          <Input
            id={field}
            data-testid={`settings-${field}`}
            aria-describedby={`${field}-note`}
            inputMode="decimal"
            autoComplete="off"
            value={texts[field]}
            onChange={(event) => change(field, event.target.value)}
          />
        </Field>
      ))}
      {save.isError ? (
        <Notice tone="bad" role="alert" title="Not saved">
          <p className="text-mute">{save.error.message}</p>
        </Notice>
      ) : null}
      <div>
        <Button
          type="submit"
          look="primary"
          data-testid="limits-save"
          disabled={Object.keys(patch).length === 0 || save.isPending}
        >
          {save.isPending ? "Saving" : save.isSuccess ? "Saved" : "Save"}
        </Button>
      </div>
    </form>
  );
}

function overrideOf(settings: SettingsInfo, field: LimitField): string | null {
  const variable = settings.overridden_by[field];
  return variable === undefined
    ? null
    : `The server was started with ${variable}, which wins over what stands here.`;
}

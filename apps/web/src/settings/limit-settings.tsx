import type { SettingsInfo } from "@openhands/protocol";
import { useState } from "react";
import { useSaveSettings } from "../app/queries.ts";
import { Button } from "../components/ui/button.tsx";
import { Field } from "../components/ui/field.tsx";
import { Input } from "../components/ui/input.tsx";
import { Notice } from "../components/ui/notice.tsx";
import type { LimitField, LimitGroup, LimitWords } from "./limit-fields.ts";
import { limitFault, limitPatch, limitTexts } from "./limit-patch.ts";

/** A group of numbers, saved together. */
export function LimitSettings({ group, settings }: { group: LimitGroup; settings: SettingsInfo }) {
  const { name, title, note, fields } = group;
  const save = useSaveSettings();
  const [texts, setTexts] = useState(() => limitTexts(fields, settings));
  const patch = limitPatch(fields, texts, settings);
  const change = (field: LimitField, text: string): void => {
    save.reset();
    setTexts((before) => ({ ...before, [field]: text }));
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate(patch, { onSuccess: (saved) => setTexts(limitTexts(fields, saved)) });
      }}
      className="flex flex-col gap-5"
      aria-labelledby={`${name}-heading`}
    >
      <div>
        <h2 id={`${name}-heading`} className="text-[15px] font-semibold">
          {title}
        </h2>
        <p className="text-row text-mute">{note}</p>
      </div>
      {fields.map((words) => (
        <LimitInput
          key={words.field}
          words={words}
          override={settings.overridden_by[words.field]}
          text={texts[words.field] ?? ""}
          onChange={(text) => change(words.field, text)}
        />
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
          data-testid={`${name}-save`}
          disabled={Object.keys(patch).length === 0 || save.isPending}
        >
          {save.isPending ? "Saving" : save.isSuccess ? "Saved" : "Save"}
        </Button>
      </div>
    </form>
  );
}

interface LimitInputProps {
  readonly words: LimitWords;
  /** the variable of the server's environment that wins over it */
  readonly override: string | undefined;
  readonly text: string;
  readonly onChange: (text: string) => void;
}

function LimitInput({ words, override, text, onChange }: LimitInputProps) {
  const { field, name, note } = words;
  const fault = limitFault(words, text);
  const told =
    override === undefined
      ? note
      : `The server was started with ${override}, which wins over what stands here.`;
  return (
    <Field id={field} name={name} note={fault ? <span className="text-bad">{fault}</span> : told}>
      <Input
        id={field}
        data-testid={`settings-${field}`}
        aria-describedby={fault !== null || told !== "" ? `${field}-note` : undefined}
        aria-invalid={fault !== null}
        inputMode="decimal"
        autoComplete="off"
        value={text}
        onChange={(event) => onChange(event.target.value)}
      />
    </Field>
  );
}

import type { ModelFacts, SettingsInfo } from "@openhands/protocol";
import { type FormEvent, useState } from "react";
import { useModelFacts } from "../app/model-queries.ts";
import { useSaveSettings } from "../app/queries.ts";
import { Button } from "../components/ui/button.tsx";
import { Field } from "../components/ui/field.tsx";
import { Input } from "../components/ui/input.tsx";
import { type OwnFactName, ownFactsFault, ownFactsPatch, ownFactTexts } from "./own-facts.ts";

const fields: readonly { readonly name: OwnFactName; readonly title: string }[] = [
  { name: "window", title: "Tokens that it reads at once" },
  { name: "input", title: "US dollars for a million tokens in" },
  { name: "output", title: "US dollars for a million tokens out" },
];

/** What the model in use can read and costs, where the catalogue does not know it or is wrong. */
export function OwnFactsSettings({ settings }: { settings: SettingsInfo }) {
  const { effective_llm_model: model, llm_models: models } = settings;
  const facts = useModelFacts(model);
  const save = useSaveSettings();
  const before = ownFactTexts(models[model]);
  const [texts, setTexts] = useState(before);
  const fault = ownFactsFault(texts);
  const changed = fields.some(({ name }) => texts[name].trim() !== before[name]);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    save.mutate(ownFactsPatch(model, texts, settings), { onSuccess: () => void facts.refetch() });
  };
  return (
    <form onSubmit={submit} className="flex flex-col gap-5" aria-labelledby="facts-heading">
      <div>
        <h2 id="facts-heading" className="text-[15px] font-semibold">
          What is known of this model
        </h2>
        <p className="text-row text-mute">
          Of <span className="font-mono text-code text-ink">{model}</span>
          {facts.data?.source ? `, from ${facts.data.source}` : ""}. What you put here stands before that.
        </p>
      </div>
      {fields.map(({ name, title }) => (
        <Field key={name} id={`facts-${name}`} name={title}>
          <Input
            id={`facts-${name}`}
            data-testid={`facts-${name}`}
            inputMode="decimal"
            autoComplete="off"
            placeholder={known(name, facts.data?.facts)}
            value={texts[name]}
            onChange={(event) => {
              save.reset();
              setTexts((now) => ({ ...now, [name]: event.target.value }));
            }}
          />
        </Field>
      ))}
      {fault === null ? null : <p className="text-small text-bad">{fault}</p>}
      {save.isError ? <p className="text-small text-bad">{save.error.message}</p> : null}
      <div>
        <Button
          type="submit"
          look="primary"
          data-testid="facts-save"
          disabled={!changed || fault !== null || save.isPending}
        >
          {save.isPending ? "Saving" : save.isSuccess ? "Saved" : "Save"}
        </Button>
      </div>
    </form>
  );
}

function known(name: OwnFactName, facts: ModelFacts | undefined): string {
  const value = name === "window" ? facts?.context_window : facts?.prices?.[name];
  return typeof value === "number" ? value.toLocaleString("en") : "Not known";
}

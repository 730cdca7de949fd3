import type { SettingsInfo } from "@openhands/protocol";
import { Check } from "lucide-react";
import { type FormEvent, useState } from "react";
import { useProbe } from "../app/model-queries.ts";
import { useSaveSettings } from "../app/queries.ts";
import { ModelNameInput } from "../components/model-name-input.tsx";
import { Button } from "../components/ui/button.tsx";
import { Field } from "../components/ui/field.tsx";
import { Input } from "../components/ui/input.tsx";
import { Notice } from "../components/ui/notice.tsx";
import { ProbeResults } from "./probe-results.tsx";
import { formOf, type ModelForm, patchOf } from "./settings-patch.ts";

export function ModelSettings({ settings }: { settings: SettingsInfo }) {
  const save = useSaveSettings();
  const probe = useProbe();
  const [form, setForm] = useState(() => formOf(settings));
  const change = (part: Partial<ModelForm>): void => {
    save.reset();
    probe.reset();
    setForm((before) => ({ ...before, ...part }));
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    save.mutate(patchOf(form, settings), {
      onSuccess: (saved) => {
        setForm(formOf(saved));
        probe.mutate({});
      },
    });
  };
  const changed = Object.keys(patchOf(form, settings)).length > 0;
  return (
    <form onSubmit={submit} className="flex flex-col gap-5" aria-labelledby="model-heading">
      <div>
        <h2 id="model-heading" className="text-[15px] font-semibold">
          Model
        </h2>
        <p className="text-row text-mute">
          In use now: <span className="font-mono text-code text-ink">{settings.effective_llm_model}</span>
        </p>
      </div>
      <ModelFields
        settings={settings}
        form={form}
        served={probe.data?.models ?? []}
        onChange={change}
        onRemoveKey={() => save.mutate({ llm_api_key: "" })}
      />
      {save.isError ? (
        <Notice tone="bad" role="alert" data-testid="error-banner" title="Not saved">
          <p className="text-mute">{save.error.message}</p>
        </Notice>
      ) : null}
      <div className="flex items-center gap-3">
        <Button
          type="submit"
          look="primary"
          data-testid="settings-save"
          disabled={!changed || save.isPending}
        >
          {save.isPending ? "Saving" : "Save"}
        </Button>
        {save.isSuccess ? (
          <p role="status" className="flex items-center gap-1.5 text-small text-ok">
            <Check aria-hidden className="size-3.5" />
            Saved
          </p>
        ) : null}
        <ServerModels baseUrl={form.baseUrl} apiKey={form.key} probe={probe} />
      </div>
      {probe.isPending ? <p className="text-small text-mute">Trying it</p> : null}
      {probe.isError ? <p className="text-small text-bad">{probe.error.message}</p> : null}
      {probe.data ? <ProbeResults report={probe.data} /> : null}
    </form>
  );
}

interface ServerModelsProps {
  readonly baseUrl: string;
  readonly apiKey: string;
  readonly probe: ReturnType<typeof useProbe>;
}

/** Asks the server behind a base URL which models it has: they are suggested then. */
function ServerModels({ baseUrl, apiKey, probe }: ServerModelsProps) {
  if (URL.parse(baseUrl.trim()) === null) return null;
  const request = { base_url: baseUrl.trim(), ...(apiKey.trim() === "" ? {} : { api_key: apiKey.trim() }) };
  return (
    <Button data-testid="list-models" disabled={probe.isPending} onClick={() => probe.mutate(request)}>
      List its models
    </Button>
  );
}

interface ModelFieldsProps {
  readonly settings: SettingsInfo;
  readonly form: ModelForm;
  /** names of the models that the server behind the base URL says it has */
  readonly served: readonly string[];
  readonly onChange: (part: Partial<ModelForm>) => void;
  readonly onRemoveKey: () => void;
}

function ModelFields({ settings, form, served, onChange, onRemoveKey }: ModelFieldsProps) {
  return (
    <>
      <Field id="model" name="Name" note={<ModelNote settings={settings} />}>
        <ModelNameInput
          id="model"
          data-testid="settings-model"
          aria-describedby="model-note"
          value={form.model}
          first={served}
          onChange={(model) => onChange({ model })}
        />
      </Field>
      <Field id="key" name="API key" note={<KeyNote settings={settings} onRemove={onRemoveKey} />}>
        <Input
          id="key"
          data-testid="settings-key"
          aria-describedby="key-note"
          type="password"
          autoComplete="off"
          placeholder={settings.llm_api_key_set ? "A key is set. Type to replace it" : "No key is set"}
          value={form.key}
          onChange={(event) => onChange({ key: event.target.value })}
        />
      </Field>
      <Field id="base-url" name="Base URL" note={<BaseUrlNote settings={settings} />}>
        <Input
          id="base-url"
          data-testid="settings-base-url"
          aria-describedby="base-url-note"
          inputMode="url"
          autoComplete="off"
          spellCheck={false}
          className="font-mono"
          placeholder="The provider's own"
          value={form.baseUrl}
          onChange={(event) => onChange({ baseUrl: event.target.value })}
        />
      </Field>
    </>
  );
}

/** Says which variable of the server's environment wins over a field; null when none does. */
function overriddenBy(settings: SettingsInfo, field: string): string | null {
  const variable = settings.overridden_by[field];
  return variable === undefined
    ? null
    : `The server was started with ${variable}, which wins over what stands here.`;
}

function ModelNote({ settings }: { settings: SettingsInfo }) {
  const override = overriddenBy(settings, "llm_model");
  if (override !== null) return <span className="text-warn">{override}</span>;
  return (
    <>
      Provider and model, for example anthropic/claude-sonnet-4-5. Empty: the demonstration model, which needs
      no key.
    </>
  );
}

function KeyNote({ settings, onRemove }: { settings: SettingsInfo; onRemove: () => void }) {
  const override = overriddenBy(settings, "llm_api_key");
  if (override !== null) return <span className="text-warn">{override}</span>;
  if (!settings.llm_api_key_set) return <>Kept encrypted by the server, and never shown again.</>;
  return (
    <>
      A key is set. It is kept encrypted and never shown.{" "}
      <button type="button" onClick={onRemove} className="text-ink underline underline-offset-2">
        Remove it
      </button>
    </>
  );
}

function BaseUrlNote({ settings }: { settings: SettingsInfo }) {
  const override = overriddenBy(settings, "llm_base_url");
  if (override !== null) return <span className="text-warn">{override}</span>;
  return (
    <>For a server of your own that speaks a provider’s protocol, for example http://localhost:11434/v1.</>
  );
}

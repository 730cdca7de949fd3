import type { SecretInfo } from "@openhands/protocol";
import { Trash2 } from "lucide-react";
import { type FormEvent, useState } from "react";
import { useRemoveSecret, useSaveSecret, useSecrets } from "../app/queries.ts";
import { Button } from "../components/ui/button.tsx";
import { Field } from "../components/ui/field.tsx";
import { Input } from "../components/ui/input.tsx";
import { Notice } from "../components/ui/notice.tsx";

const empty = { name: "", value: "", description: "", sandbox: true };

/** What agents may use and nobody sees: a value goes in and never comes out. */
export function SecretSettings() {
  const secrets = useSecrets();
  if (!secrets.data) return null;
  const { locked } = secrets.data;
  return (
    <section aria-labelledby="secrets-heading" className="flex flex-col gap-4">
      <div>
        <h2 id="secrets-heading" className="text-[15px] font-semibold">
          Secrets
        </h2>
        <p className="text-row text-mute">
          Kept encrypted. A command that names one has it in its environment, and its value is hidden in all
          that is shown.
        </p>
      </div>
      {locked === null ? null : (
        <Notice tone="bad" role="alert" title="The vault is locked">
          <p className="text-mute">{locked}</p>
        </Notice>
      )}
      {secrets.data.secrets.length > 0 ? (
        <ul
          data-testid="secrets"
          className="flex flex-col divide-y divide-line rounded-card border border-line"
        >
          {secrets.data.secrets.map((secret) => (
            <SecretRow key={secret.name} secret={secret} />
          ))}
        </ul>
      ) : null}
      {locked === null ? <NewSecret /> : null}
    </section>
  );
}

function SecretRow({ secret }: { secret: SecretInfo }) {
  const save = useSaveSecret();
  const remove = useRemoveSecret();
  const failed = save.error ?? remove.error;
  return (
    <li className="flex items-center gap-3 px-3 py-2 text-row">
      <div className="min-w-0 flex-1">
        <p className="truncate font-mono text-code">{secret.name}</p>
        {secret.description ? <p className="truncate text-small text-mute">{secret.description}</p> : null}
        {failed ? <p className="text-small text-bad">{failed.message}</p> : null}
      </div>
      {secret.name === "LLM_API_KEY" ? (
        <span className="text-small text-faint">for models</span>
      ) : (
        <label className="flex items-center gap-1.5 text-small text-mute">
          <input
            type="checkbox"
            checked={save.isPending ? save.variables.sandbox === true : secret.sandbox}
            disabled={save.isPending}
            onChange={(event) => save.mutate({ name: secret.name, sandbox: event.target.checked })}
          />
          In sandboxes
        </label>
      )}
      <button
        type="button"
        aria-label={`Remove ${secret.name}`}
        className="rounded-md text-faint hover:text-bad"
        disabled={remove.isPending}
        onClick={() => remove.mutate(secret.name)}
      >
        <Trash2 aria-hidden className="size-3.5" />
      </button>
    </li>
  );
}

function NewSecret() {
  const save = useSaveSecret();
  const [form, setForm] = useState(empty);
  const change = (part: Partial<typeof empty>): void => {
    save.reset();
    setForm((before) => ({ ...before, ...part }));
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const description = form.description.trim() || null;
    save.mutate({ ...form, description }, { onSuccess: () => setForm(empty) });
  };
  return (
    <form onSubmit={submit} className="flex flex-col gap-4">
      <Field id="secret-name" name="Name" note="Letters, digits and _. Commands find it under this name.">
        <Input
          id="secret-name"
          autoComplete="off"
          spellCheck={false}
          className="font-mono"
          placeholder="MY_TOKEN"
          value={form.name}
          onChange={(event) => change({ name: event.target.value })}
        />
      </Field>
      <Field id="secret-value" name="Value" note="8 characters or more, else it could not be hidden.">
        <Input
          id="secret-value"
          type="password"
          autoComplete="off"
          value={form.value}
          onChange={(event) => change({ value: event.target.value })}
        />
      </Field>
      <Field id="secret-description" name="What it is for">
        <Input
          id="secret-description"
          autoComplete="off"
          value={form.description}
          onChange={(event) => change({ description: event.target.value })}
        />
      </Field>
      <label className="flex items-center gap-2 text-row">
        <input
          type="checkbox"
          checked={form.sandbox}
          onChange={(event) => change({ sandbox: event.target.checked })}
        />
        Commands in sandboxes may use it
      </label>
      {save.isError ? (
        <Notice tone="bad" role="alert" title="Not saved">
          <p className="text-mute">{save.error.message}</p>
        </Notice>
      ) : null}
      <Button
        type="submit"
        className="self-start"
        data-testid="secret-save"
        disabled={form.name === "" || form.value === "" || save.isPending}
      >
        {save.isPending ? "Saving" : "Add the secret"}
      </Button>
    </form>
  );
}

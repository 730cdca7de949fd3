import { type FormEvent, useState } from "react";
import { useSwitchModel } from "../app/model-queries.ts";
import { ModelNameInput } from "../components/model-name-input.tsx";
import { Button } from "../components/ui/button.tsx";

/** Names the model that a conversation goes on with. */
export function OtherModel({ id, onDone }: { id: string; onDone: () => void }) {
  const [name, setName] = useState("");
  const change = useSwitchModel(id);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    change.mutate({ model: name.trim() }, { onSuccess: onDone });
  };
  return (
    <form onSubmit={submit} className="flex w-full flex-wrap gap-2">
      <div className="min-w-52 flex-1">
        <ModelNameInput
          id={`other-model-${id}`}
          aria-label="The model to go on with"
          data-testid="other-model-name"
          value={name}
          onChange={setName}
        />
      </div>
      <Button
        type="submit"
        look="primary"
        data-testid="switch-model"
        disabled={name.trim() === "" || change.isPending}
      >
        Go on with it
      </Button>
      <Button onClick={onDone}>Cancel</Button>
      {change.isError ? (
        <p role="alert" className="w-full text-small text-bad">
          {change.error.message}
        </p>
      ) : null}
    </form>
  );
}

import type { ConversationInfo, RetryState } from "@openhands/protocol";
import { type FormEvent, useState } from "react";
import { useSwitchModel } from "../app/model-queries.ts";
import { ModelNameInput } from "../components/model-name-input.tsx";
import { Remaining } from "../components/remaining.tsx";
import { Button } from "../components/ui/button.tsx";
import { Notice } from "../components/ui/notice.tsx";
import { useVerb } from "./use-verb.ts";

/** The model did not answer: why, when it is asked again, and what else can be done. */
export function RetryNotice({ info, retry }: { info: ConversationInfo; retry: RetryState }) {
  const [choosing, setChoosing] = useState(false);
  const now = useVerb(info.id, "retryNow");
  return (
    <Notice
      tone="wait"
      data-testid="retry-notice"
      data-kind={retry.kind}
      title={
        <>
          Try {retry.attempt + 1} of {retry.attempts} follows <Remaining until={retry.until} />
        </>
      }
      actions={
        choosing ? (
          <OtherModel id={info.id} onDone={() => setChoosing(false)} />
        ) : (
          <>
            <Button look="primary" data-testid="retry-now" disabled={now.isPending} onClick={now.go}>
              Try now
            </Button>
            <Button data-testid="other-model" onClick={() => setChoosing(true)}>
              Other model
            </Button>
          </>
        )
      }
    >
      <p className="text-mute">{retry.detail}</p>
      {now.failure ? <p className="text-small text-bad">{now.failure}</p> : null}
    </Notice>
  );
}

function OtherModel({ id, onDone }: { id: string; onDone: () => void }) {
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

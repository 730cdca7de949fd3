import type { ConversationInfo, RetryState } from "@openhands/protocol";
import { useState } from "react";
import { Remaining } from "../components/remaining.tsx";
import { Button } from "../components/ui/button.tsx";
import { Notice } from "../components/ui/notice.tsx";
import { OtherModel } from "./other-model.tsx";
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

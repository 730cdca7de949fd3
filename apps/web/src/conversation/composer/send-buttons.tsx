import { Square } from "lucide-react";
import { Button } from "../../components/ui/button.tsx";
import { DeliverButton } from "./deliver-button.tsx";
import type { ComposerState } from "./use-composer.ts";

interface SendButtonsProps {
  readonly composer: ComposerState;
  readonly sendWord: string;
  /** present while the agent runs */
  readonly onStop: (() => void) | undefined;
}

/** Stop, and the ways a message reaches an agent at work: with its next step, after its turn, or now. */
export function SendButtons({ composer, sendWord, onStop }: SendButtonsProps) {
  const { blank, sending, send } = composer;
  const choice = onStop !== undefined && !blank;
  return (
    <>
      {choice ? (
        <>
          <DeliverButton delivery="interrupt" disabled={sending} onClick={() => void send("interrupt")} />
          <DeliverButton delivery="queue" disabled={sending} onClick={() => void send("queue")} />
        </>
      ) : null}
      {onStop ? (
        <Button data-testid="stop" aria-label="Stop" onClick={onStop}>
          <Square aria-hidden className="size-3 fill-current" />
          <span className={choice ? "max-sm:hidden" : ""}>Stop</span>
        </Button>
      ) : null}
      <Button
        data-testid="send"
        look="primary"
        disabled={blank || sending}
        onClick={() => void send("steer")}
      >
        {sending ? "Sending" : sendWord}
      </Button>
    </>
  );
}

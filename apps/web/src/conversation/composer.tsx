import { Square } from "lucide-react";
import { type KeyboardEvent, type ReactNode, useRef, useState } from "react";
import { Button } from "../components/ui/button.tsx";
import { Textarea } from "../components/ui/textarea.tsx";

interface ComposerProps {
  /** accessible name and what stands in the empty field */
  readonly invitation: string;
  readonly sendWord: string;
  /** what was being written when the composer was last left */
  readonly draft?: string;
  readonly onDraft?: (text: string) => void;
  /** Rejects when the message was not taken; it then stays in the field. */
  readonly onSend: (text: string) => Promise<unknown>;
  /** present while the agent runs */
  readonly onStop?: (() => void) | undefined;
  /** the Escape key */
  readonly onEscape?: (() => void) | undefined;
  /** a few words at the left of the buttons */
  readonly note?: ReactNode;
}

/** Where the person writes: Enter sends, Shift+Enter starts a line. */
export function Composer(props: ComposerProps) {
  const [text, setText] = useState(props.draft ?? "");
  const [sending, setSending] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  const field = useRef<HTMLTextAreaElement>(null);
  const change = (value: string): void => {
    setText(value);
    props.onDraft?.(value);
  };
  const send = async (): Promise<void> => {
    if (text.trim() === "" || sending) return;
    setSending(true);
    setFailure(null);
    try {
      await props.onSend(text);
      change("");
    } catch (error) {
      setFailure(error instanceof Error ? error.message : String(error));
    } finally {
      setSending(false);
      field.current?.focus();
    }
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === "Escape") props.onEscape?.();
    if (event.key !== "Enter" || event.shiftKey) return;
    event.preventDefault();
    void send();
  };
  return (
    <div className="rounded-[14px] border border-line bg-raise px-3.5 pt-2.5 pb-2 transition-colors focus-within:border-[color-mix(in_srgb,var(--text)_38%,var(--line))]">
      <Textarea
        ref={field}
        data-testid="composer"
        aria-label={props.invitation}
        placeholder={props.invitation}
        className="block max-h-[38vh] min-h-[42px] overflow-y-auto"
        value={text}
        autoFocus={window.matchMedia("(pointer: fine)").matches}
        readOnly={sending}
        onChange={(event) => change(event.target.value)}
        onKeyDown={onKeyDown}
      />
      {failure ? (
        <p role="alert" data-testid="error-banner" className="pb-1 text-small text-bad">
          {failure} Your text is still here; send it again.
        </p>
      ) : null}
      <div className="flex items-center gap-1.5 pt-1">
        <span className="min-w-0 flex-1 truncate text-[11.5px] text-faint max-sm:invisible">
          {props.note}
        </span>
        {props.onStop ? (
          <Button data-testid="stop" onClick={props.onStop}>
            <Square aria-hidden className="size-3 fill-current" />
            Stop
          </Button>
        ) : null}
        <Button
          data-testid="send"
          look="primary"
          disabled={text.trim() === "" || sending}
          onClick={() => void send()}
        >
          {sending ? "Sending" : props.sendWord}
        </Button>
      </div>
    </div>
  );
}

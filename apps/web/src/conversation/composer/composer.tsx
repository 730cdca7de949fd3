import type { Delivery } from "@openhands/protocol";
import type { ClipboardEvent, DragEvent, KeyboardEvent, ReactNode } from "react";
import { Textarea } from "../../components/ui/textarea.tsx";
import { AttachButton } from "./attach-button.tsx";
import { AttachedImages } from "./attached-images.tsx";
import type { Draft, DraftStore } from "./draft.ts";
import { SendButtons } from "./send-buttons.tsx";
import { SlashList, type SlashState, useSlash } from "./slash-list.tsx";
import { type ComposerState, useComposer } from "./use-composer.ts";

interface ComposerProps {
  /** accessible name and what stands in the empty field */
  readonly invitation: string;
  readonly sendWord: string;
  readonly draft: DraftStore;
  /** Rejects when the message was not taken; it then stays in the field. */
  readonly onSend: (draft: Draft, delivery: Delivery) => Promise<unknown>;
  /** present while the agent runs */
  readonly onStop?: (() => void) | undefined;
  readonly onEscape?: (() => void) | undefined;
  /** Enter, while nothing is written */
  readonly onBlankEnter?: (() => void) | undefined;
  /** the up key, while nothing is written: what was sent last */
  readonly lastSent?: (() => Draft | null) | undefined;
  /** what is chosen for the conversation, beside the buttons */
  readonly choices?: ReactNode;
  /** a few words at the left of the buttons */
  readonly note?: ReactNode;
}

/** Where the person writes. What the keys do is told by `keys-help.tsx`. */
export function Composer(props: ComposerProps) {
  const { invitation, onStop } = props;
  const composer = useComposer(props.draft, props.onSend);
  const slash = useSlash(composer.draft.text, composer.write);
  const onKeyDown = useComposerKeys(props, composer, slash);
  const takeFiles = (event: ClipboardEvent | DragEvent, data: DataTransfer): void => {
    if (data.files.length === 0) return;
    event.preventDefault();
    void composer.attach([...data.files]);
  };
  return (
    <div
      onDragOver={(event) => event.preventDefault()}
      onDrop={(event) => takeFiles(event, event.dataTransfer)}
      className="relative rounded-[14px] border border-line bg-raise px-3.5 pt-2.5 pb-2 transition-colors focus-within:border-[color-mix(in_srgb,var(--text)_38%,var(--line))]"
    >
      <SlashList slash={slash} />
      <AttachedImages images={composer.draft.images} onRemove={composer.removeImage} />
      <Textarea
        ref={composer.field}
        data-testid="composer"
        aria-label={invitation}
        aria-activedescendant={slash.selectedId}
        placeholder={invitation}
        className="block max-h-[38vh] min-h-[42px] overflow-y-auto"
        value={composer.draft.text}
        autoFocus={window.matchMedia("(pointer: fine)").matches}
        readOnly={composer.sending}
        onChange={(event) => composer.write(event.target.value)}
        onKeyDown={onKeyDown}
        onPaste={(event) => takeFiles(event, event.clipboardData)}
      />
      {composer.failure ? (
        <p role="alert" data-testid="error-banner" className="pb-1 text-small text-bad">
          {composer.failure}
        </p>
      ) : null}
      <div className="flex items-center gap-1.5 pt-1">
        <AttachButton onAttach={(files) => void composer.attach(files)} />
        {props.choices}
        <span className="min-w-0 flex-1 truncate text-[11.5px] text-faint max-sm:invisible">
          {props.note}
        </span>
        <SendButtons composer={composer} sendWord={props.sendWord} onStop={onStop} />
      </div>
    </div>
  );
}

function useComposerKeys(props: ComposerProps, composer: ComposerState, slash: SlashState) {
  return (event: KeyboardEvent): void => {
    if (event.nativeEvent.isComposing || slash.takeKey(event)) return;
    if (event.key === "Escape") return props.onEscape?.();
    if (event.key === "ArrowUp" && composer.blank) {
      const last = props.lastSent?.() ?? null;
      if (last === null) return;
      event.preventDefault();
      return props.draft.setState(last);
    }
    if (event.key !== "Enter" || event.shiftKey) return;
    event.preventDefault();
    if (composer.blank) return event.repeat ? undefined : props.onBlankEnter?.();
    void composer.send(deliveryOf(event));
  };
}

/** Without work going on, all three are the same. */
function deliveryOf(event: KeyboardEvent): Delivery {
  if (event.altKey) return "queue";
  return event.metaKey || event.ctrlKey ? "interrupt" : "steer";
}

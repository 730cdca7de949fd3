import type { Delivery } from "@openhands/protocol";
import { type RefObject, useRef, useState } from "react";
import { useStore } from "zustand";
import { type Draft, type DraftStore, emptyDraft, isBlank } from "./draft.ts";
import { readImage } from "./read-image.ts";

export interface ComposerState {
  readonly draft: Draft;
  readonly field: RefObject<HTMLTextAreaElement | null>;
  readonly sending: boolean;
  readonly failure: string | null;
  readonly blank: boolean;
  readonly write: (text: string) => void;
  readonly attach: (files: Iterable<File>) => Promise<void>;
  readonly removeImage: (index: number) => void;
  readonly send: (delivery: Delivery) => Promise<void>;
}

/** What is written and sent; what could not be sent stays where it was. */
export function useComposer(
  store: DraftStore,
  onSend: (draft: Draft, delivery: Delivery) => Promise<unknown>,
): ComposerState {
  const draft = useStore(store);
  const [sending, setSending] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  const field = useRef<HTMLTextAreaElement>(null);
  const attach = async (files: Iterable<File>): Promise<void> => {
    setFailure(null);
    for (const file of files) {
      try {
        const image = await readImage(file);
        store.setState(({ images }) => ({ images: [...images, image] }));
      } catch (error) {
        setFailure(sentence(error));
      }
    }
    field.current?.focus();
  };
  const send = async (delivery: Delivery): Promise<void> => {
    if (isBlank(store.getState()) || sending) return;
    setSending(true);
    setFailure(null);
    try {
      await onSend(store.getState(), delivery);
      store.setState(emptyDraft);
    } catch (error) {
      setFailure(`${sentence(error)} Your text is still here; send it again.`);
    } finally {
      setSending(false);
      field.current?.focus();
    }
  };
  return {
    draft,
    field,
    sending,
    failure,
    blank: isBlank(draft),
    write: (text) => store.setState({ text }),
    attach,
    removeImage: (index) =>
      store.setState(({ images }) => ({ images: images.filter((_, place) => place !== index) })),
    send,
  };
}

const sentence = (error: unknown): string => (error instanceof Error ? error.message : String(error));

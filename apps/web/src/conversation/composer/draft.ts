/** What is being written and not yet sent. Outlives the composer: who looks elsewhere and comes back finds it. */
import { type Content, plainText, type SendMessageRequest } from "@openhands/protocol";
import { createStore, type StoreApi } from "zustand/vanilla";

export interface Draft {
  readonly text: string;
  /** data URLs */
  readonly images: readonly string[];
}

export type DraftStore = StoreApi<Draft>;

export const emptyDraft: Draft = { text: "", images: [] };

export const createDraftStore = (): DraftStore => createStore(() => emptyDraft);

export function isBlank({ text, images }: Draft): boolean {
  return text.trim() === "" && images.length === 0;
}

/** As a message is sent. */
export function contentOf({ text, images }: Draft): SendMessageRequest["content"] {
  if (images.length === 0) return text;
  const words: Content[] = text.trim() === "" ? [] : [{ type: "text", text }];
  return [...words, { type: "image", image_urls: [...images] }];
}

/** The way back from a message. */
export function draftOf(content: readonly Content[]): Draft {
  return {
    text: plainText(content),
    images: content.flatMap((part) => (part.type === "image" ? part.image_urls : [])),
  };
}

/** `first` with `second` below it, for what comes back while something else is being written. */
export function joined(first: Draft, second: Draft): Draft {
  const texts = [first.text, second.text].filter((text) => text.trim() !== "");
  return { text: texts.join("\n\n"), images: [...first.images, ...second.images] };
}

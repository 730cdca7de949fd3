import { ImagePlus } from "lucide-react";
import { useRef } from "react";
import { Button } from "../../components/ui/button.tsx";
import { imageTypes } from "./read-image.ts";

/** Chooses images for the message. They can be pasted and dropped as well. */
export function AttachButton({ onAttach }: { onAttach: (files: File[]) => void }) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        accept={imageTypes.join(",")}
        data-testid="attach-input"
        onChange={(event) => {
          onAttach([...(event.target.files ?? [])]);
          event.target.value = "";
        }}
      />
      <Button
        look="ghost"
        size="icon"
        aria-label="Attach an image"
        title="Attach an image, or paste one"
        className="-ml-1.5"
        onClick={() => input.current?.click()}
      >
        <ImagePlus aria-hidden className="size-4" />
      </Button>
    </>
  );
}

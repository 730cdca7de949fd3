import { ImagePlus } from "lucide-react";
import { FileButton } from "../../components/file-button.tsx";
import { imageTypes } from "./read-image.ts";

/** Chooses images for the message. They can be pasted and dropped as well. */
export function AttachButton({ onAttach }: { onAttach: (files: File[]) => void }) {
  return (
    <FileButton
      label="Attach an image"
      title="Attach an image, or paste one"
      inputTestId="attach-input"
      accept={imageTypes}
      className="-ml-1.5"
      onFiles={onAttach}
    >
      <ImagePlus aria-hidden className="size-4" />
    </FileButton>
  );
}

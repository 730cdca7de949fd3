import { X } from "lucide-react";

interface AttachedImagesProps {
  readonly images: readonly string[];
  readonly onRemove: (index: number) => void;
}

/** What goes with the message, small, each with a way out. */
export function AttachedImages({ images, onRemove }: AttachedImagesProps) {
  if (images.length === 0) return null;
  return (
    <ul className="flex flex-wrap gap-2 pt-1 pb-2" data-testid="attached-images">
      {images.map((image, index) => (
        <li key={`${index}${image.slice(-40)}`} className="relative">
          <img
            src={image}
            alt={`Attached image ${index + 1}`}
            className="size-14 rounded-md border border-line object-cover"
          />
          <button
            type="button"
            aria-label={`Remove image ${index + 1}`}
            onClick={() => onRemove(index)}
            className="absolute -top-1.5 -right-1.5 flex size-5 items-center justify-center rounded-full border border-line bg-panel text-mute hover:text-ink"
          >
            <X aria-hidden className="size-3" />
          </button>
        </li>
      ))}
    </ul>
  );
}

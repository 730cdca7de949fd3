import { Hand } from "lucide-react";

export function Brand() {
  return (
    <span className="flex items-center gap-2 font-semibold tracking-[-0.01em]">
      <Hand aria-hidden className="size-5 text-accent" strokeWidth={2} />
      OpenHands
    </span>
  );
}

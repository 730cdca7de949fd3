import type { Delivery } from "@openhands/protocol";
import type { ComponentProps } from "react";
import { Button } from "../../components/ui/button.tsx";

const ways = {
  interrupt: {
    word: "Now",
    title: "Stops what it does and sends this (Ctrl or ⌘ and Enter)",
  },
  queue: {
    word: "Queue",
    title: "Sends this when its turn is over (Alt or ⌥ and Enter)",
  },
} satisfies Partial<Record<Delivery, { word: string; title: string }>>;

interface DeliverButtonProps extends Pick<ComponentProps<typeof Button>, "size" | "disabled" | "onClick"> {
  readonly delivery: keyof typeof ways;
}

/** A way to send to an agent at work other than with its next step: now, or after its turn. */
export function DeliverButton({ delivery, ...props }: DeliverButtonProps) {
  const { word, title } = ways[delivery];
  return (
    <Button look="ghost" data-testid={`send-${delivery}`} title={title} {...props}>
      {word}
    </Button>
  );
}

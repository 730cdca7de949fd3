import type { KeyboardEvent, PointerEvent } from "react";
import { useStore } from "zustand";
import { clampShare, panelShareLimits } from "../../app/layout-store.ts";
import { useServices } from "../../app/services.ts";

/** The line between conversation and side panel: dragged, or moved with the arrow keys. */
export function PanelResizer() {
  const { layout } = useServices();
  const share = useStore(layout, (state) => state.panelShare);
  const set = (percent: number): void => layout.setState({ panelShare: clampShare(percent) });
  const onPointerMove = (event: PointerEvent<HTMLElement>): void => {
    const room = event.currentTarget.parentElement?.getBoundingClientRect();
    if (!event.currentTarget.hasPointerCapture(event.pointerId) || !room) return;
    set(((room.right - event.clientX) / room.width) * 100);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === "ArrowLeft") set(share + 2);
    if (event.key === "ArrowRight") set(share - 2);
  };
  return (
    <div
      role="separator"
      aria-label="Width of the side panel"
      aria-orientation="vertical"
      aria-valuenow={Math.round(share)}
      aria-valuemin={panelShareLimits.least}
      aria-valuemax={panelShareLimits.most}
      tabIndex={0}
      onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
      onPointerMove={onPointerMove}
      onDoubleClick={() => set(panelShareLimits.usual)}
      onKeyDown={onKeyDown}
      className="z-10 -mr-[5px] w-[5px] shrink-0 cursor-col-resize touch-none transition-colors hover:bg-accent focus-visible:bg-accent focus-visible:outline-none max-lg:hidden"
    />
  );
}

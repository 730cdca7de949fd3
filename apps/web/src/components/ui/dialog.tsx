import { type ReactNode, useEffect, useRef } from "react";
import { classNames } from "../class-names.ts";

interface DialogProps {
  readonly label: string;
  readonly onClose: () => void;
  readonly className?: string;
  readonly children: ReactNode;
}

/** Over the page, with the focus in it, until Escape, a click beside it, or `onClose`'s owner takes it away. */
export function Dialog({ label, onClose, className, children }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const element = dialog.current;
    if (element?.open === false) element.showModal();
  }, []);
  return (
    <dialog
      ref={dialog}
      aria-label={label}
      onClose={onClose}
      onClick={(event) => {
        if (event.target === dialog.current) dialog.current.close();
      }}
      className={classNames(
        "arrive mx-auto mt-[12vh] max-h-[70vh] w-[min(560px,calc(100vw-24px))] overflow-hidden rounded-[14px] border border-line bg-panel text-ink backdrop:bg-[color-mix(in_srgb,var(--bg)_60%,transparent)]",
        className,
      )}
    >
      {children}
    </dialog>
  );
}

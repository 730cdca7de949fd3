import type { ReactNode } from "react";
import { ColumnToggle } from "./column-toggle.tsx";

/** The bar over every page, with the way to the list at its left. */
export function PageHeader({ children }: { children: ReactNode }) {
  return (
    <header className="flex h-12 shrink-0 items-center gap-2.5 border-b border-line px-4">
      <ColumnToggle column="list" />
      {children}
    </header>
  );
}

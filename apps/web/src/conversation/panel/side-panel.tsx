import { X } from "lucide-react";
import { useState } from "react";
import { useStore } from "zustand";
import { useServices } from "../../app/services.ts";
import { classNames } from "../../components/class-names.ts";
import { Button } from "../../components/ui/button.tsx";
import { type Tab, Tabs } from "../../components/ui/tabs.tsx";
import type { ConversationSession } from "../conversation-session.ts";
import { LogTab } from "./log-tab.tsx";
import { PanelResizer } from "./panel-resizer.tsx";
import { TerminalTab } from "./terminal-tab.tsx";

type PanelName = "terminal" | "log";

/** A tab is one file and one line here and below. */
const tabs: readonly Tab<PanelName>[] = [
  { name: "terminal", title: "Terminal" },
  { name: "log", title: "Log" },
];
const contents = { terminal: TerminalTab, log: LogTab } as const;

/** Beside the conversation, or over it where there is no room. */
export function SidePanel({ session }: { session: ConversationSession }) {
  const { layout } = useServices();
  const share = useStore(layout, (state) => state.panelShare);
  const [selected, setSelected] = useState<PanelName>("terminal");
  const Content = contents[selected];
  return (
    <>
      <PanelResizer />
      <section
        aria-label="Side panel"
        style={{ width: `${share}%` }}
        className={classNames(
          "flex shrink-0 flex-col border-l border-line bg-panel",
          "max-lg:arrive max-lg:fixed max-lg:inset-y-0 max-lg:right-0 max-lg:z-20 max-lg:!w-[min(640px,100vw)]",
        )}
      >
        <div className="flex h-12 shrink-0 items-center justify-between gap-2 border-b border-line px-2.5">
          <Tabs label="Side panel" tabs={tabs} selected={selected} onSelect={setSelected} />
          <Button
            look="ghost"
            size="icon"
            aria-label="Close the side panel"
            className="lg:hidden"
            onClick={() => layout.setState({ panelOpen: false })}
          >
            <X aria-hidden className="size-4" />
          </Button>
        </div>
        <div
          role="tabpanel"
          id={`panel-${selected}`}
          aria-labelledby={`tab-${selected}`}
          className="min-h-0 flex-1"
        >
          <Content session={session} />
        </div>
      </section>
    </>
  );
}

/** The tabs of the side panel, in order: one is a folder here and an entry. What most never open is fetched with them. */
import { type ComponentType, lazy } from "react";
import type { ConversationSession } from "../conversation-session.ts";
import { CommandsTab } from "./commands/commands-tab.tsx";
import { LogTab } from "./log/log-tab.tsx";
import { usePortNote } from "./preview/use-port-note.ts";
import { useTaskNote } from "./tasks/use-task-note.ts";

export interface PanelTab {
  readonly name: string;
  readonly title: string;
  readonly Content: ComponentType<{ session: ConversationSession }>;
  /** a word behind the title, e.g. how many there are */
  readonly useNote?: (session: ConversationSession) => string | null;
  /** stays as it is while another one is shown */
  readonly keeps?: boolean;
}

export const panelTabs: readonly PanelTab[] = [
  { name: "commands", title: "Commands", Content: CommandsTab },
  {
    name: "changes",
    title: "Changes",
    Content: lazy(async () => ({ default: (await import("./changes/changes-tab.tsx")).ChangesTab })),
  },
  {
    name: "files",
    title: "Files",
    Content: lazy(async () => ({ default: (await import("./files/files-tab.tsx")).FilesTab })),
    keeps: true,
  },
  {
    name: "terminal",
    title: "Terminal",
    Content: lazy(async () => ({ default: (await import("./shell/shell-tab.tsx")).ShellTab })),
    keeps: true,
  },
  {
    name: "preview",
    title: "Preview",
    Content: lazy(async () => ({ default: (await import("./preview/preview-tab.tsx")).PreviewTab })),
    useNote: usePortNote,
  },
  {
    name: "tasks",
    title: "Tasks",
    Content: lazy(async () => ({ default: (await import("./tasks/tasks-tab.tsx")).TasksTab })),
    useNote: useTaskNote,
  },
  { name: "log", title: "Log", Content: LogTab },
];

/** What can be done by name. A new command is an entry here, in the palette and behind `/` at once. */
import {
  type PolicyChoice,
  policyChoices,
  policyOf,
  policyWords,
} from "../conversation/approval/policy-choice.ts";
import { panelTabs } from "../conversation/panel/registry.ts";
import type { Command, CommandContext } from "./command.ts";

const always = (): boolean => true;
const inConversation = ({ info }: CommandContext): boolean => info !== null;
const running = ({ info }: CommandContext): boolean => info?.execution_status === "running";
const resting = ({ info }: CommandContext): boolean =>
  info !== null && ["paused", "error", "stuck"].includes(info.execution_status);
const id = ({ info }: CommandContext): string => info?.id ?? "";

const ask = (choice: PolicyChoice): Command => ({
  name: `ask-${choice}`,
  title: policyWords[choice],
  fits: inConversation,
  run: (context) => context.client.confirmation.setPolicy(id(context), policyOf(choice)),
});

const showTab = ({ name, title }: (typeof panelTabs)[number]): Command => ({
  name,
  title: `Show: ${title}`,
  fits: inConversation,
  run: ({ layout }) => layout.setState({ panelOpen: true, panelTab: name }),
});

export const commands: readonly Command[] = [
  { name: "new", title: "New conversation", fits: always, run: ({ goTo }) => goTo("/") },
  {
    name: "pause",
    title: "Pause after this step",
    keys: "Esc",
    fits: running,
    run: (c) => c.client.pause(id(c)),
  },
  { name: "stop", title: "Stop now", fits: running, run: (c) => c.client.interrupt(id(c)) },
  { name: "continue", title: "Go on", fits: resting, run: (c) => c.client.run(id(c)) },
  {
    name: "model",
    title: "Go on with another model",
    fits: inConversation,
    run: ({ overlays }) => overlays.setState({ open: "model" }),
  },
  ...policyChoices.map(ask),
  {
    name: "condense",
    title: "Condense: tell the model a summary of the oldest part",
    fits: inConversation,
    run: (c) => c.client.condense(id(c)),
  },
  {
    name: "sleep",
    title: "Let the sandbox go, and keep its files",
    fits: ({ info }) => info?.sandbox.status === "ready" && info.execution_status !== "running",
    run: (c) => c.client.suspend(id(c)),
  },
  {
    name: "panel",
    title: "Show or hide the side panel",
    fits: inConversation,
    run: ({ layout }) => layout.setState(({ panelOpen }) => ({ panelOpen: !panelOpen })),
  },
  ...panelTabs.map(showTab),
  {
    name: "list",
    title: "Show or hide the conversations",
    fits: always,
    run: ({ layout }) => layout.setState(({ listOpen }) => ({ listOpen: !listOpen })),
  },
  { name: "settings", title: "Settings", fits: always, run: ({ goTo }) => goTo("/settings") },
  {
    name: "light",
    title: "Light colours",
    fits: always,
    run: ({ theme }) => theme.setState({ theme: "light" }),
  },
  {
    name: "dark",
    title: "Dark colours",
    fits: always,
    run: ({ theme }) => theme.setState({ theme: "dark" }),
  },
  {
    name: "keys",
    title: "What the keys do",
    keys: "?",
    fits: always,
    run: ({ overlays }) => overlays.setState({ open: "keys" }),
  },
];

/** The commands that fit and have all of `words` in name or title, those whose name begins with them first. */
export function findCommands(context: CommandContext, words: string): Command[] {
  const wanted = words.toLowerCase().trim();
  const parts = wanted.split(/\s+/);
  const has = ({ name, title }: Command): boolean =>
    parts.every((part) => `${name} ${title}`.toLowerCase().includes(part));
  const found = commands.filter((command) => command.fits(context) && has(command));
  const begins = (command: Command): number => (command.name.startsWith(wanted) ? 0 : 1);
  return found.toSorted((a, b) => begins(a) - begins(b));
}

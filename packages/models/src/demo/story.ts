/** What the demonstration model can do: a story is a list of steps, each told from what the steps before brought. */
import type { PromptView, ToolResult } from "./prompt-view.ts";

export interface DemoAnswer {
  readonly text: string;
  readonly calls: readonly DemoCall[];
}

export interface DemoCall {
  readonly name: "terminal" | "file_editor";
  readonly arguments: Readonly<Record<string, string>>;
}

export interface Story {
  /** whether this story is told for `view` */
  readonly fits: (view: PromptView) => boolean;
  /** step n comes after n results; the last one has no calls and is repeated where more results came */
  readonly steps: readonly ((view: PromptView) => DemoAnswer)[];
}

export const runCommand = (text: string, command: string): DemoAnswer => ({
  text,
  calls: [{ name: "terminal", arguments: { command } }],
});

export const createFile = (text: string, path: string, content: string): DemoAnswer => ({
  text,
  calls: [{ name: "file_editor", arguments: { command: "create", path, file_text: content } }],
});

export const editFile = (
  text: string,
  edit: { readonly path: string; readonly old_str: string; readonly new_str: string },
): DemoAnswer => ({ text, calls: [{ name: "file_editor", arguments: { command: "str_replace", ...edit } }] });

export const finalAnswer = (text: string): DemoAnswer => ({ text, calls: [] });

/** The first thing that a person reads. */
export const introduction =
  "This is a demonstration, by a model that needs no key and follows a script; for one that does your own tasks, open " +
  "**Settings**, choose a model and put in its key.";

/** Said at the end of every story. */
export const whoIAm =
  "I am `demo/tour`, the demonstration model: my lines are written beforehand and I cannot think, but the shell, " +
  "the files and everything you saw are real. For a model that thinks, open **Settings**, choose one " +
  "(for example `anthropic/claude-sonnet-4-5`) and put in its key.";

/** A result as a block of text, without the notes that the tools add for models. */
export function quoteResult(result: ToolResult | undefined): string {
  const text = result?.text
    .replace(/\n?\[(The command|Current working|Python interpreter)[^\n]*\]/g, "")
    .trim();
  return text ? `\n\n\`\`\`text\n${text}\n\`\`\`` : "";
}

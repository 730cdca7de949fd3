/** The names under which models that learned from other agents call our tools and their arguments. Data, no logic. */

export interface ToolAlias {
  readonly tool: string;
  /** arguments that the other name implies */
  readonly implies?: Readonly<Record<string, string>>;
}

const named = (tool: string, ...names: readonly string[]): [string, ToolAlias][] =>
  names.map((name) => [name, { tool }]);

const editor = (command: string, ...names: readonly string[]): [string, ToolAlias][] =>
  names.map((name) => [name, { tool: "file_editor", implies: { command } }]);

export const toolAliases: ReadonlyMap<string, ToolAlias> = new Map([
  ...named(
    "terminal",
    "execute_bash",
    "execute_command",
    "run_command",
    "run_shell_command",
    "run_in_terminal",
  ),
  ...named("terminal", "run_terminal_cmd", "bash", "shell", "sh", "cmd", "exec", "execute", "run"),
  ...named("file_editor", "str_replace_editor", "str_replace_based_edit_tool", "text_editor", "editor"),
  ...editor("view", "read_file", "view_file", "open_file", "cat_file"),
  ...editor("create", "write_file", "create_file", "write_to_file", "save_file"),
  ...editor("str_replace", "str_replace", "replace_in_file", "edit_file"),
  ...named("finish", "done", "complete", "attempt_completion", "submit", "task_complete"),
  ...named("think", "thought", "thinking"),
]);

/** Other names of an argument, by its name here. One is taken only where the tool's schema has the one and not the other. */
export const argumentAliases: Readonly<Record<string, readonly string[]>> = {
  command: ["cmd", "bash_command", "shell_command", "code", "script", "commands"],
  path: ["file_path", "filepath", "filename", "file", "file_name"],
  file_text: ["content", "contents", "text", "file_content"],
  old_str: ["old_string", "old_text", "search"],
  new_str: ["new_string", "new_text", "replace", "insert_text"],
  insert_line: ["line", "line_number"],
  message: ["result", "answer", "summary", "text"],
  thought: ["thoughts", "content", "text"],
};

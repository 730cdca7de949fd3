/** Settings that are numbers, in groups and in the order in which they are shown. */
export type LimitField =
  | "sandbox_memory_mb"
  | "sandbox_cpus"
  | "sandbox_idle_seconds"
  | "sandbox_max_running"
  | "max_iterations"
  | "max_budget_per_task"
  | "max_run_seconds"
  | "terminal_no_change_seconds"
  | "preview_answer_seconds"
  | "llm_first_byte_seconds"
  | "llm_silence_seconds"
  | "llm_call_seconds"
  | "llm_local_first_byte_seconds"
  | "llm_local_silence_seconds"
  | "llm_local_call_seconds"
  | "llm_attempts";

export interface LimitWords {
  readonly field: LimitField;
  readonly name: string;
  readonly note: string;
  /** an empty text stands for no limit */
  readonly canBeEmpty?: boolean;
}

export interface LimitGroup {
  readonly name: string;
  readonly title: string;
  readonly note: string;
  readonly fields: readonly LimitWords[];
}

export const limitGroups: readonly LimitGroup[] = [
  {
    name: "sandboxes",
    title: "Sandboxes",
    note: "What each may take. A change counts from the next one on.",
    fields: [
      {
        field: "sandbox_memory_mb",
        name: "Memory in MB",
        note: "For all processes of one conversation together.",
      },
      {
        field: "sandbox_cpus",
        name: "Processors",
        note: "For example 1.5. Empty: not limited.",
        canBeEmpty: true,
      },
      {
        field: "sandbox_idle_seconds",
        name: "Idle seconds",
        note: "After so long without need a sandbox goes, and its files stay. 0: never.",
      },
      {
        field: "sandbox_max_running",
        name: "At once",
        note: "More wait in line. Empty: what fits into the memory of this machine.",
        canBeEmpty: true,
      },
    ],
  },
  {
    name: "runs",
    title: "Runs",
    note: "How far it goes on one message before it stops and says so.",
    fields: [
      { field: "max_iterations", name: "Steps", note: "For conversations that are begun from now on." },
      {
        field: "max_budget_per_task",
        name: "Cost in US dollars",
        note: "Empty: not limited.",
        canBeEmpty: true,
      },
      {
        field: "max_run_seconds",
        name: "Seconds",
        note: "Whatever it waits for. Empty: not limited.",
        canBeEmpty: true,
      },
      {
        field: "terminal_no_change_seconds",
        name: "Seconds without output",
        note: "After so long a command that prints nothing is told as it is, and goes on.",
      },
      {
        field: "preview_answer_seconds",
        name: "Seconds until a preview answers",
        note: "A server in a sandbox that takes longer counts as one that does not answer.",
      },
    ],
  },
  {
    name: "waits",
    title: "Waiting for the model",
    note: "When a call counts as failed, in seconds, and how often it is tried.",
    fields: [
      { field: "llm_attempts", name: "Tries", note: "Of one call, the first included." },
      { field: "llm_first_byte_seconds", name: "Until its first word", note: "" },
      { field: "llm_silence_seconds", name: "Of silence within an answer", note: "" },
      { field: "llm_call_seconds", name: "For a whole answer", note: "" },
      {
        field: "llm_local_first_byte_seconds",
        name: "Until its first word, on a machine of your own",
        note: "It may have to be loaded first.",
      },
      { field: "llm_local_silence_seconds", name: "Of silence, on a machine of your own", note: "" },
      { field: "llm_local_call_seconds", name: "For a whole answer, on a machine of your own", note: "" },
    ],
  },
];

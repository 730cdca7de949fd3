/** What a step is shown as while it is folded: one line. */
export type StepIcon = "command" | "view" | "edit" | "search" | "tasks" | "tool";

export interface StepLine {
  readonly icon: StepIcon;
  /** drawn in the monospaced face */
  readonly subject: string;
  /** a word behind the subject, or empty */
  readonly note: string;
  /** e.g. `exit 1`, `84 lines`; empty when there is nothing to say */
  readonly result: string;
  readonly changes: { readonly added: number; readonly removed: number } | null;
  readonly time: string;
  readonly state: "running" | "done" | "failed";
}

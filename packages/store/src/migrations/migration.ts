/** One step from a format of the home to the next. A new one: a file beside this and a line in `registry.ts`. */
import type { Layout } from "../layout.ts";

export interface Migration {
  /** the format that a home has afterwards; one more than the step before has */
  readonly to: number;
  /** Paths of the files that it would change or remove; none: there is nothing to do. */
  find(layout: Layout): Promise<readonly string[]>;
  /**
   * Called once copies of `files` are on disk. May be interrupted anywhere and is then called again, and a home that an
   * older program was in between has both forms: what is in the new one already stays as it is.
   */
  migrate(layout: Layout, files: readonly string[]): Promise<void>;
}

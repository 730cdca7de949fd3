/** A way in which models write calls into their text. */
import type { ToolSpec } from "../../model.ts";

export interface WrittenCall {
  readonly name: string;
  /** meant to be JSON */
  readonly arguments: string;
}

export interface Found {
  /** where the calls begin in the text */
  readonly start: number;
  /** where what belongs to them ends */
  readonly end: number;
  readonly calls: readonly WrittenCall[];
}

export interface CallFormat {
  /** What a call begins with; a text is held back from there on while it streams. */
  openers(tools: readonly ToolSpec[]): readonly string[];
  /** The first calls in `text`, or null. */
  find(text: string, tools: readonly ToolSpec[]): Found | null;
}

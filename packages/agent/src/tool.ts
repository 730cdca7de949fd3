/**
 * What a tool is. Validation, the wait for the sandbox, aborts and errors are the executor's (`run-tools.ts`); a tool
 * only says what it takes and what it does.
 */
import type { ToolAction, ToolObservation } from "@openhands/protocol";
import type { SandboxTools } from "@openhands/sandbox";
import * as z from "zod";
import type { ToolMemory } from "./tool-memory.ts";

export interface ToolContext {
  /** The conversation's sandbox, waiting for it to start where need be. @throws SandboxError when it can't */
  readonly sandbox: () => Promise<SandboxTools>;
  readonly signal: AbortSignal;
  /** Takes the output of this call while it arrives; it is kept where the observation says that it `omitted` some. */
  readonly onOutput: (text: string) => void;
  /** what the log so far holds for tools to go on from */
  readonly memory: ToolMemory;
}

/** Something that a call reads or writes. Two calls run side by side where neither writes what the other touches. */
export interface Touch {
  /** a path, or "*" for everything in the sandbox */
  readonly resource: string;
  readonly mode: "read" | "write";
}

export interface Tool {
  /** as the model calls it */
  readonly name: string;
  readonly description: string;
  /** JSON Schema of the input, as the model is told */
  readonly inputSchema: Record<string, unknown>;
  /** "none" touches nothing outside the conversation */
  readonly effect: "none" | "read" | "write" | "execute";
  /** What `action` touches. */
  touches(action: ToolAction): readonly Touch[];
  /** The action that `input` asks for. @throws z.ZodError */
  parse(input: unknown): ToolAction;
  /** Rejects only when aborted, when the sandbox is gone, or on a bug. */
  run(action: ToolAction, context: ToolContext): Promise<ToolObservation>;
  /** true: the turn ends with this call */
  readonly endsTurn: boolean;
}

const everything = (mode: Touch["mode"]): readonly Touch[] => [{ resource: "*", mode }];

const usualTouches: Readonly<Record<Tool["effect"], readonly Touch[]>> = {
  none: [],
  read: everything("read"),
  write: everything("write"),
  execute: everything("write"),
};

export interface ToolDefinition<Input extends z.ZodObject, Action extends ToolAction> {
  readonly name: string;
  readonly description: string;
  /** optional fields are `.nullish()`: strict providers send null for what is left out */
  readonly input: Input;
  /** checks what is run, also when it comes from a stored event */
  readonly action: z.ZodType<Action>;
  readonly effect: Tool["effect"];
  readonly endsTurn?: boolean;
  /** where it is missing: nothing with effect "none", else all that its effect says */
  touches?(action: Action): readonly Touch[];
  toAction(input: z.infer<Input>): NoInfer<Action>;
  run(action: Action, context: ToolContext): Promise<ToolObservation>;
}

export function defineTool<Input extends z.ZodObject, Action extends ToolAction>(
  definition: ToolDefinition<Input, Action>,
): Tool {
  return {
    name: definition.name,
    description: definition.description,
    inputSchema: z.toJSONSchema(definition.input, { io: "input" }),
    effect: definition.effect,
    endsTurn: definition.endsTurn ?? false,
    touches: (action) =>
      definition.touches?.(definition.action.parse(action)) ?? usualTouches[definition.effect],
    parse: (input) => definition.toAction(definition.input.parse(input)),
    run: async (action, context) => await definition.run(definition.action.parse(action), context),
  };
}

/** The words after `openhands run`. */
import { resolve } from "node:path";
import { text } from "node:stream/consumers";
import { AppError, ConversationId } from "@openhands/protocol";
import * as z from "zod";
import { readFlags } from "../read-flags.ts";

export const usage = `openhands run -t "task" [flags]

-t, --task TEXT      what is to be done; - reads it from stdin
--json               each event of the log as one line of JSON on stdout, everything else on stderr
--model NAME         default: that of the settings
--budget DOLLARS     what the run may cost at most
--timeout SECONDS    when it is stopped at the latest; default: never
--workspace FOLDER   the agent works in this folder; default: a fresh one
--conversation ID    go on with this conversation, with its model, limits and folder; default: a new one

Ctrl-C pauses after the current step, once more stops now.
Exit codes: 0 finished, 1 error or stuck, 2 waits for you (a question, an approval, paused),
3 budget or number of steps used up, 4 timeout. Environment as for \`openhands start\`.
`;

const options = {
  task: { type: "string", short: "t" },
  json: { type: "boolean" },
  model: { type: "string" },
  budget: { type: "string" },
  timeout: { type: "string" },
  workspace: { type: "string" },
  conversation: { type: "string" },
} as const;

const positive = (unit: string) => z.coerce.number(`a number of ${unit}`).positive(`more than 0 ${unit}`);

/** a timer can wait for 24 days at most */
const longestTimeout = 2_000_000;

const RunArguments = z.object({
  task: z.string('what is to be done: -t "task"'),
  json: z.boolean().default(false),
  model: z.string().min(1).optional(),
  budget: positive("dollars").optional(),
  timeout: positive("seconds").max(longestTimeout).optional(),
  workspace: z
    .string()
    .min(1)
    .transform((folder) => resolve(folder))
    .optional(),
  conversation: ConversationId.optional(),
});
export type RunArguments = z.infer<typeof RunArguments>;

/** What a conversation keeps from its beginning to its end. */
const ofNewOnes = ["model", "budget", "workspace"] as const;

/** @throws AppError `bad_request` */
export function readRunArguments(args: readonly string[]): RunArguments {
  const { values, positionals } = readFlags(args, options, usage);
  if (positionals.length > 0)
    throw new AppError("bad_request", `The task goes into quotes, after -t.\n\n${usage.trimEnd()}`);
  const fixed = ofNewOnes.find((name) => values[name] !== undefined);
  if (values.conversation !== undefined && fixed !== undefined)
    throw new AppError(
      "bad_request",
      `--${fixed} is for a new conversation: leave it out with --conversation.`,
    );
  const parsed = RunArguments.safeParse(values);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) => `--${path.join(".")}: ${message}`);
  throw new AppError("bad_request", `${problems.join("; ")}\n\n${usage.trimEnd()}`);
}

/** @throws AppError `bad_request` for one without a word */
export async function readTask(given: string, stdin: NodeJS.ReadableStream): Promise<string> {
  const task = given === "-" ? await text(stdin) : given;
  if (task.trim() === "") throw new AppError("bad_request", "The task is empty: say what is to be done.");
  return task;
}

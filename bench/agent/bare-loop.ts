/** The least that an agent can be, to measure ours against: ask, run what is called with `bash -c`, ask again. Nothing is kept. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import * as z from "zod";

const Answer = z.object({
  choices: z.array(
    z.object({
      message: z.looseObject({
        tool_calls: z
          .array(z.looseObject({ id: z.string(), function: z.object({ arguments: z.string() }) }))
          .optional(),
      }),
    }),
  ),
});
const Command = z.object({ command: z.string() });

const [url = ""] = process.argv.slice(2);
const execute = promisify(execFile);
const messages: object[] = [{ role: "user", content: "go" }];
for (;;) {
  const body = JSON.stringify({ model: "scripted", messages });
  const headers = { "content-type": "application/json" };
  const response = await fetch(`${url}/chat/completions`, { method: "POST", headers, body });
  const message = Answer.parse(await response.json()).choices[0]?.message;
  const [call] = message?.tool_calls ?? [];
  if (message === undefined || call === undefined) break;
  const { command } = Command.parse(JSON.parse(call.function.arguments));
  const { stdout } = await execute("bash", ["-c", command]);
  messages.push(message, { role: "tool", tool_call_id: call.id, content: stdout });
}

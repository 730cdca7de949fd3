/**
 * The scripted provider by hand: `node main.ts [port] [script.json]`. The file holds an array of replies; without one
 * every conversation is told to compute primes, over and over.
 */
import { readFile } from "node:fs/promises";
import { primesScript } from "./primes-script.ts";
import { parseScript, type Reply } from "./reply.ts";
import type { ScriptedRequest } from "./request.ts";
import { startScriptedLlm } from "./scripted-llm.ts";

/** The step is read off the conversation, so several conversations at once do not disturb each other. */
function nextOfPrimes(request: ScriptedRequest): Reply {
  const { messages } = request.body;
  const start = messages.findLastIndex((message) => message.role === "user");
  const step = messages.slice(start).filter((message) => message.role === "tool").length;
  const script = primesScript();
  return script[Math.min(step, script.length - 1)] as Reply;
}

const [port = "4010", scriptFile] = process.argv.slice(2);
const llm = await startScriptedLlm({
  port: Number(port),
  ...(scriptFile === undefined ? { responder: nextOfPrimes } : {}),
});
if (scriptFile !== undefined) llm.push(...parseScript(JSON.parse(await readFile(scriptFile, "utf8"))));
process.stdout.write(`Scripted model at ${llm.url}: model name openai/scripted, any key\n`);

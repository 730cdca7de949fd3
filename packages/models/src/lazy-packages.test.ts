import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const script = `
  import { registerHooks } from "node:module";
  const loaded = [];
  registerHooks({ load: (url, context, next) => { loaded.push(url); return next(url, context); } });
  const { createModel } = await import(process.argv[1]);
  createModel({ name: "groq/llama-3.3-70b-versatile", baseUrl: null, apiKey: async () => null, limits: {} });
  console.log(JSON.stringify(loaded));
`;

test("no provider's package and no catalogue is loaded before a model is asked", async () => {
  const index = fileURLToPath(new URL("index.ts", import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [
    "--input-type=module",
    "-e",
    script,
    index,
  ]);
  const loaded = JSON.parse(stdout) as string[];
  expect(loaded.some((url) => url.endsWith("/create-model.ts"))).toBe(true);
  expect(loaded.filter((url) => /@ai-sdk|models\.generated/.test(url))).toEqual([]);
});

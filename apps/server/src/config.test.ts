import { readFileSync } from "node:fs";
import { defaultSettings } from "@openhands/protocol";
import { expect, test } from "vitest";
import { readConfig, usage, variables } from "./config.ts";

const readme = readFileSync(new URL("../../../README.md", import.meta.url), "utf8");

test.each(variables)("--help and README tell of %s", (name) => {
  for (const text of [usage, readme]) expect(text).toMatch(new RegExp(`\\b${name}\\b`));
});

const config = readConfig([], {});

test.each([
  ["PORT", config.port],
  ["HOST", config.host],
  ["OPENHANDS_HOME", "~/.openhands"],
  ["OPENHANDS_RUNTIME", config.runtime],
  ["OPENHANDS_MEMORY_MB", defaultSettings.sandbox_memory_mb],
  ["OPENHANDS_PROCESSES", defaultSettings.sandbox_processes],
  ["OPENHANDS_POOL_SIZE", defaultSettings.sandbox_pool_size],
  ["OPENHANDS_IDLE_SUSPEND_SECONDS", defaultSettings.sandbox_idle_seconds],
  ["OPENHANDS_AUTO_RESUME", Number(config.autoResume)],
  ["PREVIEW_DOMAIN", config.previewDomain],
  ["LOG_LEVEL", config.logLevel],
])("--help tells the default of %s", (name, value) => {
  const line = usage.split("\n").find((text) => new RegExp(`\\b${name}\\b`).test(text));
  expect(line?.split(name)[1]).toMatch(
    new RegExp(`(^|[ (])${String(value).replaceAll(".", "\\.")}([:, ]|$)`),
  );
});

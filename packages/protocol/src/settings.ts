/** `settings.json`, and the same over HTTP. Unknown fields of the file are kept. */
import * as z from "zod";
import { OwnModelFacts } from "./models.ts";

const fields = {
  /** OpenHands-style name, e.g. `anthropic/claude-sonnet-4-5`; null: `demo/tour` */
  llm_model: z.string().min(1).max(200).nullable(),
  llm_base_url: z.url({ protocol: /^https?$/ }).nullable(),
  /** how the model is given tools: as its provider has them, in text, or whichever of them works */
  llm_tool_protocol: z.enum(["auto", "native", "text"]),
  agent: z.string(),
  language: z.string(),
  confirmation_mode: z.boolean(),
  security_analyzer: z.string().nullable(),
  /** what nobody is asked about any more, as a yes for "always" named it */
  always_allowed: z.array(z.string().max(10_000)).max(1000),
  /** steps of one run */
  max_iterations: z.number().int().min(1).max(10_000),
  /** US dollars that one run may cost; null: no limit */
  max_budget_per_task: z.number().positive().nullable(),
  /** seconds that one run may take, whatever it waits for; null: no limit */
  max_run_seconds: z.number().positive().max(2_000_000).nullable(),
  /** seconds without output after which the terminal tool returns */
  terminal_no_change_seconds: z.number().positive(),
  /** seconds until a server in a sandbox, seen through a preview, begins to answer */
  preview_answer_seconds: z.number().positive().max(2_000_000),
  /** seconds to the first byte of a model's answer */
  llm_first_byte_seconds: z.number().positive(),
  /** seconds of silence within a model's answer */
  llm_silence_seconds: z.number().positive(),
  /** seconds of one whole try, to the end of the answer */
  llm_call_seconds: z.number().positive(),
  /** the same three for models on hardware of the person's own, which may have to be loaded first */
  llm_local_first_byte_seconds: z.number().positive(),
  llm_local_silence_seconds: z.number().positive(),
  llm_local_call_seconds: z.number().positive(),
  /** tries of one model call, the first included */
  llm_attempts: z.number().int().min(1).max(20),
  /** megabytes that all processes of a sandbox may use together, where a conversation asks for no amount of its own */
  sandbox_memory_mb: z.number().int().min(32),
  /** processors' worth of time; null: no limit */
  sandbox_cpus: z.number().positive().nullable(),
  /** processes at once in a sandbox */
  sandbox_processes: z.number().int().min(32).max(1_000_000),
  /** seconds without need after which a sandbox goes; 0: never */
  sandbox_idle_seconds: z.number().min(0),
  /** sandboxes made ahead */
  sandbox_pool_size: z.number().int().min(0).max(20),
  /** sandboxes at once; null: what fits into four fifths of the machine's memory */
  sandbox_max_running: z.number().int().min(1).nullable(),
  /** what stands before the catalogue, by a model's name as it is written in `llm_model` */
  llm_models: z.record(z.string(), OwnModelFacts),
  /** MCP servers, as V1 writes them; kept and not used yet */
  mcp_config: z.record(z.string(), z.unknown()).nullable(),
};

/** As kept: what is missing has its default. */
export const Settings = z.looseObject({
  llm_model: fields.llm_model.default(null),
  llm_base_url: fields.llm_base_url.default(null),
  llm_tool_protocol: fields.llm_tool_protocol.default("auto"),
  agent: fields.agent.default("CodeActAgent"),
  language: fields.language.default("en"),
  confirmation_mode: fields.confirmation_mode.default(false),
  security_analyzer: fields.security_analyzer.default(null),
  always_allowed: fields.always_allowed.default([]),
  max_iterations: fields.max_iterations.default(500),
  max_budget_per_task: fields.max_budget_per_task.default(null),
  max_run_seconds: fields.max_run_seconds.default(null),
  terminal_no_change_seconds: fields.terminal_no_change_seconds.default(30),
  preview_answer_seconds: fields.preview_answer_seconds.default(120),
  llm_first_byte_seconds: fields.llm_first_byte_seconds.default(120),
  llm_silence_seconds: fields.llm_silence_seconds.default(60),
  llm_call_seconds: fields.llm_call_seconds.default(1800),
  llm_local_first_byte_seconds: fields.llm_local_first_byte_seconds.default(900),
  llm_local_silence_seconds: fields.llm_local_silence_seconds.default(300),
  llm_local_call_seconds: fields.llm_local_call_seconds.default(7200),
  llm_attempts: fields.llm_attempts.default(5),
  sandbox_memory_mb: fields.sandbox_memory_mb.default(512),
  sandbox_cpus: fields.sandbox_cpus.default(null),
  sandbox_processes: fields.sandbox_processes.default(1024),
  sandbox_idle_seconds: fields.sandbox_idle_seconds.default(900),
  sandbox_pool_size: fields.sandbox_pool_size.default(1),
  sandbox_max_running: fields.sandbox_max_running.default(null),
  llm_models: fields.llm_models.default({}),
  mcp_config: fields.mcp_config.default(null),
});
export type Settings = z.infer<typeof Settings>;

export const defaultSettings: Settings = Settings.parse({});

/** As shown: the key is never among them. */
export const SettingsInfo = Settings.extend({
  llm_api_key_set: z.boolean(),
  /** fields that an environment variable overrides, with the variable's name */
  overridden_by: z.record(z.string(), z.string()),
  /** the model in use once defaults and the environment are counted in */
  effective_llm_model: z.string(),
});
export type SettingsInfo = z.infer<typeof SettingsInfo>;

/** As changed: `llm_api_key` is write-only; an empty one removes it. What is not known, a key may be in it, is left out. */
export const SettingsPatch = z
  .object(fields)
  .partial()
  .extend({ llm_api_key: z.string().max(10_000).nullish() });
export type SettingsPatch = z.infer<typeof SettingsPatch>;

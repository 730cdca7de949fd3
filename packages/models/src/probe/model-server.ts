/**
 * What a server of models says of itself: who it is, which models it has and how much each reads. Ollama, LM Studio and
 * vLLM each tell it in their own way; others list names at most.
 */
import * as z from "zod";

export interface ServedModel {
  readonly id: string;
  /** tokens as the model is loaded there; null where the server does not say */
  readonly window: number | null;
}

export interface ModelServer {
  /** what goes before a model's name in the settings */
  readonly prefix: "ollama" | "lm_studio" | "vllm" | "openai";
  readonly models: readonly ServedModel[];
}

export interface Asking {
  /** as the person wrote it, with or without `/v1` */
  readonly baseUrl: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly fetch: typeof fetch;
  readonly signal: AbortSignal;
}

/** Lists come at once or not at all. */
const longestMs = 10_000;

const OllamaTags = z.object({ models: z.array(z.object({ name: z.string() })) });
const OllamaShow = z.object({
  /** lines such as `num_ctx 8192` */
  parameters: z.string().nullish(),
  model_info: z.record(z.string(), z.unknown()).nullish(),
});
const LmStudioModels = z.object({
  data: z.array(
    z.object({
      id: z.string(),
      max_context_length: z.number().nullish(),
      loaded_context_length: z.number().nullish(),
    }),
  ),
});
const OpenAiModels = z.object({
  data: z.array(
    z.object({ id: z.string(), owned_by: z.string().nullish(), max_model_len: z.number().nullish() }),
  ),
});

/** @returns null where nothing there lists models. Rejects only where it is aborted. */
export async function describeServer(asking: Asking): Promise<ModelServer | null> {
  const root = asking.baseUrl.replace(/\/+$/, "").replace(/\/v1$/, "");
  const ollama = await read(asking, `${root}/api/tags`, OllamaTags);
  if (ollama) {
    return { prefix: "ollama", models: ollama.models.map(({ name }) => ({ id: name, window: null })) };
  }
  const lmStudio = await read(asking, `${root}/api/v0/models`, LmStudioModels);
  if (lmStudio) {
    const models = lmStudio.data.map((model) => ({
      id: model.id,
      window: model.loaded_context_length ?? model.max_context_length ?? null,
    }));
    return { prefix: "lm_studio", models };
  }
  const listed =
    (await read(asking, `${root}/v1/models`, OpenAiModels)) ??
    (await read(asking, `${asking.baseUrl.replace(/\/+$/, "")}/models`, OpenAiModels));
  if (!listed) return null;
  const prefix = listed.data.some((model) => model.owned_by === "vllm") ? "vllm" : "openai";
  return {
    prefix,
    models: listed.data.map((model) => ({ id: model.id, window: model.max_model_len ?? null })),
  };
}

/** The window that Ollama gives a model: what it was told to, else its own four thousand, which it does not say. */
export async function ollamaWindow(asking: Asking, model: string): Promise<OllamaWindow | null> {
  const root = asking.baseUrl.replace(/\/+$/, "").replace(/\/v1$/, "");
  const shown = await read(asking, `${root}/api/show`, OllamaShow, { model });
  if (!shown) return null;
  const set = /^num_ctx\s+(\d+)/m.exec(shown.parameters ?? "")?.[1];
  const [, trained] =
    Object.entries(shown.model_info ?? {}).find(([name]) => name.endsWith(".context_length")) ?? [];
  return {
    set: set === undefined ? null : Number(set),
    trained: typeof trained === "number" ? trained : null,
  };
}

export interface OllamaWindow {
  /** `num_ctx` of the model; null: the server's default */
  readonly set: number | null;
  /** what the model could read at most */
  readonly trained: number | null;
}

/** @returns null where there is no such answer */
async function read<T>(
  { headers, fetch, signal }: Asking,
  url: string,
  schema: z.ZodType<T>,
  body?: object,
): Promise<T | null> {
  const init = body === undefined ? {} : { method: "POST", body: JSON.stringify(body) };
  try {
    const response = await fetch(url, {
      ...init,
      headers: { ...headers, "content-type": "application/json" },
      signal: AbortSignal.any([signal, AbortSignal.timeout(longestMs)]),
    });
    if (!response.ok) {
      await response.body?.cancel();
      return null;
    }
    const parsed = schema.safeParse(await response.json());
    return parsed.success ? parsed.data : null;
  } catch {
    // Nobody there, or somebody else: the questions that follow say which.
    signal.throwIfAborted();
    return null;
  }
}

/** The model: that its name fits, and that its provider can be reached, takes the key and knows the model. */
import { ModelError, resolveModelName } from "@openhands/models";
import { stat } from "node:fs/promises";
import { AppError } from "@openhands/protocol";
import { openVault } from "@openhands/store";
import * as z from "zod";
import { modelKeyName } from "../../secrets.ts";
import { type Check, type DoctorContext, type Finding, note, ok, problem } from "../check.ts";

const patience = 5000;

export const modelCheck: Check = {
  name: "model",
  run: async (context) => {
    const { llm } = context.config;
    const name = llm.model ?? context.settings?.llm_model ?? "demo/tour";
    const model = resolve(name, llm.baseUrl ?? context.settings?.llm_base_url ?? null);
    if (model instanceof ModelError) return [problem(model.message, "Correct the model in the settings.")];
    if (model.kind === "demo") {
      return [
        note("No model is set: the demonstration answers.", "Put a model and a key into the settings."),
      ];
    }
    if (model.kind === "replay") return [ok(`${name} plays a recording: nobody is asked.`)];
    const key = await keyOf(context);
    const missing =
      !model.provider.needsKey || key !== null
        ? []
        : [
            problem(
              `${name} needs a key of ${model.provider.label}, and none is stored.`,
              "Put it into the settings, or set LLM_API_KEY.",
            ),
          ];
    return [...missing, await ask(model, key, context)];
  },
};

type Named = Extract<ReturnType<typeof resolveModelName>, { readonly kind: "provider" }>;

function resolve(name: string, baseUrl: string | null): ReturnType<typeof resolveModelName> | ModelError {
  try {
    return resolveModelName(name, baseUrl);
  } catch (error) {
    if (error instanceof ModelError) return error;
    throw error;
  }
}

/** null: there is none, or the vault is locked, which its own check says */
async function keyOf({ config, layout }: DoctorContext): Promise<string | null> {
  if (config.llm.apiKey !== null) return config.llm.apiKey;
  if ((await stat(layout.secretsFolder).catch(() => null)) === null) return null;
  try {
    const vault = await openVault({ layout, environmentKey: config.secretKey });
    return await vault.get(modelKeyName);
  } catch (error) {
    if (error instanceof AppError) return null;
    throw error;
  }
}

const Listing = z.object({
  data: z.array(z.object({ id: z.string() })).default([]),
  models: z.array(z.object({ name: z.string() })).default([]),
});

/** Asks which models there are, which costs nothing. A provider that does not tell is taken at its word that it is there. */
async function ask(
  { provider, baseUrl, modelId }: Named,
  key: string | null,
  context: DoctorContext,
): Promise<Finding> {
  const { host } = new URL(baseUrl);
  try {
    const response = await context.fetch(`${baseUrl}/models`, {
      headers: key === null ? {} : provider.keyHeaders(key),
      // a key is for this address alone
      redirect: "manual",
      signal: AbortSignal.timeout(patience),
    });
    const listing = Listing.safeParse(await response.json().catch(() => null)).data;
    if (key !== null && (response.status === 401 || response.status === 403))
      return problem(
        `${host} refuses the key (${response.status}).`,
        "Put another one into the settings, or set LLM_API_KEY.",
      );
    const names =
      listing === undefined
        ? []
        : [...listing.data.map(({ id }) => id), ...listing.models.map((each) => each.name)];
    if (response.ok && names.length > 0 && !names.some((listed) => listed.endsWith(modelId)))
      return note(
        `${host} lists ${names.length} models, and ${modelId} is not among them.`,
        "Correct the model's name, or pull the model, if it is not answered.",
      );
    return ok(`${host} answers.`);
  } catch (error) {
    return unreachable(host, codeOf(error));
  }
}

function unreachable(host: string, code: string): Finding {
  if (code === "ENOTFOUND" || code === "EAI_AGAIN") {
    return problem(
      `${host} has no address here (${code}).`,
      "Check the base URL and the connection; behind a company's proxy set HTTPS_PROXY and NODE_USE_ENV_PROXY=1.",
    );
  }
  if (code === "ECONNREFUSED") {
    return problem(`Nothing listens at ${host}.`, "Start the model's server, or correct the base URL.");
  }
  if (/CERT|SIGNATURE|SELF_SIGNED|ISSUER/.test(code)) {
    return problem(
      `The certificate of ${host} is not trusted (${code}).`,
      "Name its authority's certificate with NODE_EXTRA_CA_CERTS.",
    );
  }
  const why =
    code === "TimeoutError" ? `did not answer within ${patience / 1000} s` : `can't be reached (${code})`;
  return problem(`${host} ${why}.`, "Check the connection, and a proxy or firewall on the way.");
}

/** The innermost cause has the system's word. */
function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.cause instanceof Error) return codeOf(error.cause);
  return "code" in error && typeof error.code === "string" ? error.code : error.name;
}

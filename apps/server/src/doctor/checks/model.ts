/** The model: that its name fits, that there is a key where one is needed, and that its provider can be reached. */
import { ModelError, resolveModelName } from "@openhands/models";
import { stat } from "node:fs/promises";
import { openVault } from "@openhands/store";
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
    const key =
      !model.provider.needsKey || (await hasKey(context))
        ? []
        : [
            problem(
              `${name} needs a key of ${model.provider.label}, and none is stored.`,
              "Put it into the settings, or set LLM_API_KEY.",
            ),
          ];
    return [...key, await reach(model.baseUrl, context)];
  },
};

function resolve(name: string, baseUrl: string | null): ReturnType<typeof resolveModelName> | ModelError {
  try {
    return resolveModelName(name, baseUrl);
  } catch (error) {
    if (error instanceof ModelError) return error;
    throw error;
  }
}

async function hasKey({ config, layout }: DoctorContext): Promise<boolean> {
  if (config.llm.apiKey !== null) return true;
  if ((await stat(layout.secretsFolder).catch(() => null)) === null) return false;
  const vault = await openVault({ layout, environmentKey: config.secretKey });
  return vault.names().includes(modelKeyName);
}

/** Any answer will do, a refusal too: no key is sent. */
async function reach(url: string, { fetch: ask }: DoctorContext): Promise<Finding> {
  try {
    const response = await ask(url, { signal: AbortSignal.timeout(patience) });
    await response.body?.cancel();
    return ok(`${new URL(url).host} answers.`);
  } catch (error) {
    return unreachable(new URL(url).host, codeOf(error));
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

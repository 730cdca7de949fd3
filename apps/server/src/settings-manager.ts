/** The settings in force: what is on disk, what the environment overrides, and where the model's key comes from. */
import type {
  ConversationId,
  ConversationSetup,
  ModelInfo,
  ProbeRequest,
  Settings,
  SettingsInfo,
  SettingsPatch,
  StoredEvent,
} from "@openhands/protocol";
import {
  createModel,
  describeModel,
  type Model,
  type ModelLimits,
  type Probed,
  probeModel,
  probeServer,
  resolveModelName,
  sameProvider,
} from "@openhands/models";
import { createInOrder, type Redactor, type SettingsStore, type Vault } from "@openhands/store";
import {
  type LimitSettings,
  limitVariables,
  type SandboxLimits,
  sandboxLimits,
} from "./sandboxes/sandbox-limits.ts";
import { modelKeyName, type Secrets } from "./secrets.ts";

/** The model that needs no key. */
const demonstration = "demo/tour";

export interface SettingsManagerOptions {
  readonly store: SettingsStore;
  readonly vault: Vault;
  readonly secrets: Secrets;
  readonly redactor: Redactor;
  /** reads what a model named `replay/…` plays again */
  readonly recordings: (name: string) => Promise<readonly StoredEvent[]>;
  /** of the environment; each overrides the settings */
  readonly llm: {
    readonly model: string | null;
    readonly apiKey: string | null;
    readonly baseUrl: string | null;
  };
  /** of the environment; each overrides the setting of that name */
  readonly limits: Partial<LimitSettings>;
}

interface ModelAddress {
  readonly name: string;
  readonly baseUrl: string | null;
  readonly generalKeyAllowed: boolean;
}

export class SettingsManager {
  readonly #options: SettingsManagerOptions;
  #settings: Settings;
  readonly #inOrder = createInOrder();
  /** what was wrong with settings.json, or null */
  readonly problem: string | null;

  private constructor(options: SettingsManagerOptions, settings: Settings, problem: string | null) {
    this.#options = options;
    this.#settings = settings;
    this.problem = problem;
  }

  static async load(options: SettingsManagerOptions): Promise<SettingsManager> {
    const { settings, problem } = await options.store.read();
    if (options.llm.apiKey !== null) options.redactor.add(options.llm.apiKey);
    return new SettingsManager(options, settings, problem);
  }

  get settings(): Settings {
    return this.#settings;
  }

  async info(): Promise<SettingsInfo> {
    const { llm, limits, vault } = this.#options;
    const overrides = Object.entries({
      llm_model: llm.model === null ? null : "LLM_MODEL",
      llm_base_url: llm.baseUrl === null ? null : "LLM_BASE_URL",
      llm_api_key: llm.apiKey === null ? null : "LLM_API_KEY",
    }).flatMap(([field, variable]) => (variable === null ? [] : [[field, variable]]));
    const limited = Object.entries(limitVariables).filter(([field]) => field in limits);
    return {
      ...this.#settings,
      llm_api_key_set: llm.apiKey !== null || vault.names().includes(modelKeyName),
      overridden_by: Object.fromEntries([...overrides, ...limited]),
      effective_llm_model: this.effectiveModel().name,
    };
  }

  /** One after the other: none is overwritten by another. @throws AppError `unavailable` when the vault is locked, `disk_full` */
  async patch(patch: SettingsPatch): Promise<void> {
    await this.#inOrder(async () => await this.#apply(patch));
  }

  async #apply(patch: SettingsPatch): Promise<void> {
    const { llm_api_key: apiKey, ...fields } = patch;
    if (apiKey !== null && apiKey !== undefined) {
      if (apiKey.trim() === "") await this.#options.vault.remove(modelKeyName);
      else await this.#options.vault.set(modelKeyName, { value: apiKey.trim() });
    }
    const changed: Settings = { ...this.#settings, ...definedFields(fields) };
    await this.#options.store.write(changed);
    this.#settings = changed;
  }

  /** What sandboxes may take now. */
  get sandboxLimits(): SandboxLimits {
    return sandboxLimits(this.#settings, this.#options.limits);
  }

  /** What nobody is asked about any more. */
  get grants(): ReadonlySet<string> {
    return new Set(this.#settings.always_allowed);
  }

  /** Adds to what nobody is asked about. @throws AppError `disk_full` */
  async grant(keys: readonly string[]): Promise<void> {
    await this.patch({ always_allowed: [...new Set([...this.#settings.always_allowed, ...keys])] });
  }

  /** What a conversation that names no model of its own uses. */
  effectiveModel(): { name: string; baseUrl: string | null } {
    const { llm } = this.#options;
    return {
      name: llm.model ?? this.#settings.llm_model ?? demonstration,
      baseUrl: llm.baseUrl ?? this.#settings.llm_base_url,
    };
  }

  /** What is known of the model that `name` means here. @throws ModelError bad_request */
  describeModel(name: string): ModelInfo {
    const { baseUrl } = this.#addressOf({ llm_model: name });
    return describeModel(name, baseUrl, this.#settings.llm_models[name] ?? null);
  }

  /**
   * Where a conversation's model is asked. The general base URL and key are for the general model's provider, and go to
   * no other.
   */
  #addressOf(setup: Pick<ConversationSetup, "llm_model" | "llm_base_url">): ModelAddress {
    const general = this.effectiveModel();
    const name = setup.llm_model ?? general.name;
    const ownUrl = setup.llm_base_url ?? null;
    const related = general.name === demonstration || sameProvider(name, general.name);
    return {
      name,
      baseUrl: ownUrl ?? (related ? general.baseUrl : null),
      generalKeyAllowed: related && ownUrl === null,
    };
  }

  /**
   * Where the model of such a setup is asked: a URL, or the name of a model that is asked nowhere.
   * @throws ModelError bad_request where the name fits no provider
   */
  endpointOf(setup: Pick<ConversationSetup, "llm_model" | "llm_base_url">): string {
    const { name, baseUrl } = this.#addressOf(setup);
    const resolved = resolveModelName(name, baseUrl);
    return resolved.kind === "provider" ? resolved.baseUrl : name;
  }

  /** The model of one conversation. Its key is looked up at the moment of each call. @throws ModelError bad_request */
  modelFor(id: ConversationId, setup: ConversationSetup): Model {
    const { name, baseUrl, generalKeyAllowed } = this.#addressOf(setup);
    return createModel({
      name,
      baseUrl,
      apiKey: async () => await this.#apiKey(id, generalKeyAllowed),
      limits: limitsOf(this.#settings),
      toolProtocol: this.#settings.llm_tool_protocol,
      recordings: this.#options.recordings,
      facts: this.#settings.llm_models[name] ?? null,
    });
  }

  /**
   * Tries a model; what `request` leaves out is that of the settings. The settings' key goes to the settings' own address
   * alone. A base URL without a model is asked which models it has.
   * @throws ModelError bad_request where the name fits no provider
   */
  async probe(request: ProbeRequest, signal: AbortSignal): Promise<Probed> {
    const { model = null, base_url: wanted = null } = request;
    const ownUrl = wanted === this.effectiveModel().baseUrl ? null : wanted;
    const ownKey = request.api_key?.trim() || null;
    if (wanted !== null && model === null) {
      const headers = ownKey === null ? {} : { authorization: `Bearer ${ownKey}` };
      return { report: await probeServer({ baseUrl: wanted, headers, signal }), calls: [] };
    }
    const { name, baseUrl, generalKeyAllowed } = this.#addressOf({ llm_model: model, llm_base_url: ownUrl });
    const settings = {
      name,
      baseUrl,
      apiKey: async () => ownKey ?? (generalKeyAllowed ? await this.#generalKey() : null),
      limits: limitsOf(this.#settings),
      facts: this.#settings.llm_models[name] ?? null,
    };
    return await probeModel(settings, { signal });
  }

  /** The general key never travels to a URL that came with a conversation, nor to another provider. */
  async #apiKey(id: ConversationId, generalAllowed: boolean): Promise<string | null> {
    const own = await this.#options.secrets.modelKey(id);
    if (own !== null || !generalAllowed) return own;
    return await this.#generalKey();
  }

  async #generalKey(): Promise<string | null> {
    return this.#options.llm.apiKey ?? (await this.#options.vault.get(modelKeyName));
  }
}

function limitsOf(settings: Settings): ModelLimits {
  return {
    firstByteSeconds: settings.llm_first_byte_seconds,
    silenceSeconds: settings.llm_silence_seconds,
    callSeconds: settings.llm_call_seconds,
    attempts: settings.llm_attempts,
    local: {
      firstByteSeconds: settings.llm_local_first_byte_seconds,
      silenceSeconds: settings.llm_local_silence_seconds,
      callSeconds: settings.llm_local_call_seconds,
    },
  };
}

function definedFields<T extends object>(record: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  const entries = Object.entries(record).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [K in keyof T]: Exclude<T[K], undefined> };
}

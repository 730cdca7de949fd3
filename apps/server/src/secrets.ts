/**
 * The person's secrets and those of single conversations: what may be entered, and which a command gets. A sandbox has
 * only what a command names; the model's keys are never among it.
 */
import {
  AppError,
  type ConversationId,
  type ConversationSecrets,
  type SecretInfo,
  type SecretList,
  type SecretPatch,
} from "@openhands/protocol";
import type { Vault } from "@openhands/store";

/** The name of the key for models, in the settings and of a conversation. */
export const modelKeyName = "LLM_API_KEY";
/** A shorter value would hide half of every text. */
const leastLength = 8;

const ownName = (id: ConversationId, name: string): string => `${name}@${id}`;

export class Secrets {
  readonly #vault: Vault;

  constructor(vault: Vault) {
    this.#vault = vault;
  }

  /** Those of conversations are not among them. */
  list(): SecretList {
    const secrets: SecretInfo[] = this.#vault.list().filter(({ name }) => !name.includes("@"));
    return { secrets, locked: this.#vault.locked };
  }

  /** @throws AppError `invalid`, `not_found` for no value of a new one, `unavailable` when the vault is locked */
  async put(name: string, patch: SecretPatch): Promise<void> {
    const isNew = !this.#vault.names().includes(name);
    const sandbox = patch.sandbox ?? (isNew ? name !== modelKeyName : null);
    if (name === modelKeyName && sandbox === true) {
      throw new AppError("invalid", `${modelKeyName} is for models and is given to no sandbox.`);
    }
    checkLength(name, patch.value ?? null);
    await this.#vault.set(name, {
      ...(patch.value === null || patch.value === undefined ? {} : { value: patch.value }),
      ...(patch.description === undefined ? {} : { description: patch.description }),
      ...(sandbox === null ? {} : { sandbox }),
    });
  }

  /** @throws AppError `not_found` */
  async remove(name: string): Promise<void> {
    if (!this.#vault.names().includes(name)) throw new AppError("not_found", `There is no secret ${name}.`);
    await this.#vault.remove(name);
  }

  async rotate(): Promise<void> {
    await this.#vault.rotate();
  }

  /** For one conversation alone; each goes before the person's secret of that name. */
  async putOwn(id: ConversationId, secrets: ConversationSecrets): Promise<void> {
    const entries = Object.entries(secrets).map(([name, secret]) => ({
      name,
      ...(typeof secret === "string" ? { value: secret } : secret),
    }));
    for (const { name, value } of entries) checkLength(name, value);
    for (const { name, value, description } of entries) {
      await this.#vault.set(ownName(id, name), {
        value,
        description: description ?? null,
        sandbox: name !== modelKeyName,
      });
    }
  }

  async putModelKey(id: ConversationId, key: string): Promise<void> {
    await this.#vault.set(ownName(id, modelKeyName), { value: key });
  }

  /** null: the conversation came without one */
  async modelKey(id: ConversationId): Promise<string | null> {
    return await this.#vault.get(ownName(id, modelKeyName));
  }

  /** Idempotent. */
  async removeModelKey(id: ConversationId): Promise<void> {
    await this.#vault.remove(ownName(id, modelKeyName));
  }

  async removeOwn(id: ConversationId): Promise<void> {
    for (const name of this.#vault.names())
      if (name.endsWith(ownName(id, ""))) await this.#vault.remove(name);
  }

  /** What `command` names of the secrets that it may have. Never rejects: a locked or damaged one is left out. */
  async environment(id: ConversationId, command: string): Promise<Record<string, string>> {
    const text = command.toLowerCase();
    const environment: Record<string, string> = {};
    for (const { name: key, sandbox } of this.#vault.list()) {
      const [name = "", owner] = key.split("@");
      if (!sandbox || !text.includes(name.toLowerCase())) continue;
      if (owner !== undefined && owner !== id) continue;
      // in order of the names, so that a conversation's own comes after the general one
      const value = await this.#readable(key);
      if (value !== null) environment[name] = value;
    }
    return environment;
  }

  async #readable(key: string): Promise<string | null> {
    try {
      return await this.#vault.get(key);
    } catch (error) {
      if (error instanceof AppError) return null;
      throw error;
    }
  }
}

function checkLength(name: string, value: string | null): void {
  if (value === null || value.trim().length >= leastLength) return;
  throw new AppError(
    "invalid",
    `${name} is shorter than ${leastLength} characters: it could not be hidden in what the agent prints. Use a longer one.`,
  );
}

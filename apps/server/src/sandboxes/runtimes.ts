/**
 * Which kinds of sandbox there are on this machine, and which one a new conversation gets. An explicit choice never
 * falls back; `auto` is Docker, else bubblewrap; a conversation stays with the kind it was made with.
 */
import { AppError, type RuntimeKind } from "@openhands/protocol";
import { type ProviderCheck, SandboxError, type SandboxProvider } from "@openhands/sandbox";

export interface RuntimeChoice {
  readonly provider: SandboxProvider;
  readonly check: ProviderCheck;
  /** why it is this one, or what is wrong; one sentence, or null */
  readonly message: string | null;
}

export class Runtimes {
  readonly #providers: ReadonlyMap<RuntimeKind, SandboxProvider>;
  readonly #wanted: RuntimeKind | "auto";
  #choice: Promise<RuntimeChoice> | null = null;

  constructor(providers: readonly SandboxProvider[], wanted: RuntimeKind | "auto") {
    this.#providers = new Map(providers.map((provider) => [provider.kind, provider]));
    this.#wanted = wanted;
  }

  all(): SandboxProvider[] {
    return [...this.#providers.values()];
  }

  /** What new conversations get. Looked for once, and again after it was found unusable. */
  async choice(): Promise<RuntimeChoice> {
    this.#choice ??= this.#choose();
    const choice = await this.#choice;
    if (!choice.check.ok) this.#choice = null;
    return choice;
  }

  /** The kind that new conversations get; one that was chosen is not looked at first. */
  async kind(): Promise<RuntimeKind> {
    return this.#wanted === "auto" ? (await this.choice()).provider.kind : this.#wanted;
  }

  /** The provider that `kind` was made with. @throws SandboxError when it is not usable here and now */
  async usable(kind: RuntimeKind): Promise<SandboxProvider> {
    const choice = await this.choice();
    if (choice.provider.kind === kind) {
      if (choice.check.ok) return choice.provider;
      throw new SandboxError(choice.check.problem ?? `${kind} is not usable.`);
    }
    const provider = this.provider(kind);
    const check = await provider.check();
    if (check.ok) return provider;
    throw new SandboxError(
      `This conversation works in ${kind}, which is not usable now, and is never moved to another kind unasked. ${check.problem ?? ""}`.trim(),
    );
  }

  provider(kind: RuntimeKind): SandboxProvider {
    const provider = this.#providers.get(kind);
    if (provider === undefined)
      throw new AppError("unavailable", `There is no runtime '${kind}' on this server.`);
    return provider;
  }

  async #choose(): Promise<RuntimeChoice> {
    if (this.#wanted !== "auto") {
      const provider = this.provider(this.#wanted);
      const check = await provider.check();
      return { provider, check, message: check.problem };
    }
    const docker = this.provider("docker");
    const dockerCheck = await docker.check();
    if (dockerCheck.ok) return { provider: docker, check: dockerCheck, message: null };
    const bubblewrap = this.provider("bubblewrap");
    const bubblewrapCheck = await bubblewrap.check();
    if (bubblewrapCheck.ok) {
      const message = `Docker is not usable (${dockerCheck.problem ?? "unknown"}); bubblewrap is used instead.`;
      return { provider: bubblewrap, check: bubblewrapCheck, message };
    }
    const message = `Neither Docker nor bubblewrap is usable. ${dockerCheck.problem ?? ""} ${bubblewrapCheck.problem ?? ""}`;
    return { provider: docker, check: { ...dockerCheck, problem: message.trim() }, message: message.trim() };
  }
}

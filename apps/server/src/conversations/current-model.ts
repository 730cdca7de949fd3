/**
 * The model of a run, which may become another while the run goes on: at the next request, or at once where the old one
 * is only waited for.
 */
import type { AskOptions, Model, ModelAnswer, ModelRequest } from "@openhands/models";
import type { ModelFacts } from "@openhands/protocol";

export class CurrentModel implements Model {
  readonly #make: () => Model;
  #model: Model;
  /** of the next request; null: the same */
  #next: Model | null = null;
  /** leaves the model whose next try is waited for; null where none is */
  #leave: AbortController | null = null;

  /** @param make the model as it is set now. @throws ModelError bad_request */
  constructor(make: () => Model) {
    this.#make = make;
    this.#model = make();
  }

  /** of the model that was asked last */
  get name(): string {
    return this.#model.name;
  }

  get facts(): ModelFacts {
    return this.#model.facts;
  }

  /** Another model was set. @throws ModelError bad_request */
  change(): void {
    this.#next = this.#make();
    this.#leave?.abort();
  }

  async ask(request: ModelRequest, options: AskOptions): Promise<ModelAnswer> {
    for (;;) {
      this.#model = this.#next ?? this.#model;
      this.#next = null;
      // The models that ask nobody have no tries of which they could tell.
      options.onTry?.();
      const left = new AbortController();
      const stop = (): void => left.abort(options.signal.reason);
      options.signal.addEventListener("abort", stop);
      if (options.signal.aborted) stop();
      try {
        return await this.#model.ask(request, this.#following(options, left));
      } catch (error) {
        options.signal.throwIfAborted();
        if (!left.signal.aborted) throw error;
      } finally {
        options.signal.removeEventListener("abort", stop);
        this.#leave = null;
      }
    }
  }

  #following(options: AskOptions, left: AbortController): AskOptions {
    return {
      ...options,
      signal: left.signal,
      onRetry: (wait) => {
        this.#leave = left;
        options.onRetry(wait);
      },
      onTry: () => {
        this.#leave = null;
        options.onTry?.();
      },
    };
  }
}

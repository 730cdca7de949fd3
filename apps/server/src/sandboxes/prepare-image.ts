import type { Progress, SandboxProvider } from "@openhands/sandbox";

/**
 * Waits for an image, or until it is given up: others may wait for the same image, so it is got ready also where this
 * one no longer waits.
 * @throws SandboxError; the signal's reason
 */
export async function prepareImage(
  provider: SandboxProvider,
  image: string | null,
  { signal, onProgress }: { readonly signal: AbortSignal; readonly onProgress: (progress: Progress) => void },
): Promise<void> {
  const { promise: givenUp, reject } = Promise.withResolvers<never>();
  const giveUp = (): void => reject(signal.reason);
  signal.throwIfAborted();
  signal.addEventListener("abort", giveUp, { once: true });
  const prepared = provider.prepare(image, (progress) => {
    if (!signal.aborted) onProgress(progress);
  });
  try {
    await Promise.race([prepared, givenUp]);
  } finally {
    signal.removeEventListener("abort", giveUp);
    // nobody hears of a failure after one gave up
    prepared.catch(() => undefined);
  }
}

import type { Sandbox } from "@openhands/sandbox";
import type { Session } from "./session.ts";

/** A sandbox that a person's call works with; it is not taken for idle before it is given back. */
export interface BorrowedSandbox extends Disposable {
  readonly sandbox: Sandbox;
}

/** Started where there is none. @throws SandboxError */
export async function borrowSandbox({ sandbox: keeper }: Session): Promise<BorrowedSandbox> {
  const use = keeper.use();
  try {
    return { sandbox: await keeper.sandbox(), [Symbol.dispose]: () => use[Symbol.dispose]() };
  } catch (error) {
    use[Symbol.dispose]();
    throw error;
  }
}

/** What is read of it, until that has come to its end or nobody wants it any more. */
export async function* whileBorrowed<T>(
  borrowed: BorrowedSandbox,
  items: AsyncIterable<T>,
): AsyncGenerator<T> {
  using _ = borrowed;
  yield* items;
}

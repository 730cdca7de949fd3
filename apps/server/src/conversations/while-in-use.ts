import type { Session } from "./session.ts";

/** What is read of a conversation, which stays in memory until that has come to its end or nobody wants it any more. */
export async function* whileInUse<T>(session: Session, items: AsyncIterable<T>): AsyncGenerator<T> {
  using _ = session.use();
  yield* items;
}

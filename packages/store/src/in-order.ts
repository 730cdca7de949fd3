/** Runs what it is given when all that was given before has settled. A failure is the caller's own and holds up nobody. */
export type InOrder = <T>(work: () => Promise<T>) => Promise<T>;

export function createInOrder(): InOrder {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const done = last.then(work);
    last = done.catch(() => undefined);
    return done;
  };
}

/**
 * Does the work once at a time. Who asks while it is being done waits for the
 * next time, together with all who ask meanwhile: what each gets was begun
 * after they asked, and however many ask, no two are under way.
 */
export function oneAtATime(work: () => Promise<void>): () => Promise<void> {
  let now: Promise<void> | undefined;
  let next: Promise<void> | undefined;
  return () => {
    if (next !== undefined) return next;
    if (now === undefined) return begin();
    next = now.then(begin, begin);
    return next;
  };

  function begin(): Promise<void> {
    next = undefined;
    const done = work().finally(() => {
      if (now === done) now = undefined;
    });
    now = done;
    return done;
  }
}

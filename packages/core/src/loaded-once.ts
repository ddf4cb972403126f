/**
 * Loads a module when it is first needed, since importing forkfold must not cost what a program may not need. To ask Node for
 * one that is there goes through its loader each time, so it is asked once.
 */
export function loadedOnce<M>(load: () => Promise<M>): () => M | Promise<M> {
  let loaded: M | undefined;
  return () => loaded ?? load().then((module) => (loaded = module));
}

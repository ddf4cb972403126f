/**
 * Flags that children are given besides those of the user. They are spelled as nobody spells them, so that a child knows them from
 * the user's own and takes them out of `process.execArgv`: the processes that a user's function starts are none of forkfold's.
 */
const COMPILES_ALONE = '--no_concurrent_recompilation';

/** A flag that somebody has set about the same thing. */
const OF_COMPILATION = /single[-_]threaded$|concurrent[-_]recompilation/;

/** The newest Node.js that was seen to know the flag: it would not start with one that it does not know. */
const NEWEST_SEEN = 26;

/** Where children run. */
interface Surroundings {
  readonly processes: number;
  readonly cores: number;
  readonly versions: { readonly node: string; readonly deno?: string };
}

/**
 * Has a child compile its functions itself where there are at least as many children as processors: the thread that V8 has for it
 * would take its time from another child, and while it waits for its turn both run slow code. Two children on two processors take 3
 * to 7 per cent less time and CPU so in the benches of a second or two; one child alone, which has a processor for that thread, would take 9 to 18
 * per cent more. Nothing where the user's own flags speak of it.
 *
 * @param given The flags that children have besides.
 */
export function ownFlags(given: readonly string[], { processes, cores, versions }: Surroundings): string[] {
  const isKnown = versions.deno === undefined && Number.parseInt(versions.node, 10) <= NEWEST_SEEN;
  const isWanted = processes >= cores && !given.some((flag) => OF_COMPILATION.test(flag));
  return isKnown && isWanted ? [COMPILES_ALONE] : [];
}

/** Takes forkfold's own flags out of those of a child. */
export function dropOwnFlags(execArgv: string[]): void {
  const at = execArgv.indexOf(COMPILES_ALONE);
  if (at >= 0) execArgv.splice(at, 1);
}

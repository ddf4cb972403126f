/**
 * Flags that children are given besides those of the user, and what others are about the same thing. They are spelled as nobody
 * spells them, so that a child knows them from the user's own and takes them out of `process.execArgv`: the processes that a
 * user's function starts are none of forkfold's.
 */
const OWN: readonly { readonly flag: string; readonly others: RegExp }[] = [
  {
    flag: '--no_concurrent_recompilation',
    others: /^--(no[-_]?)?(single[-_]threaded$|concurrent[-_]recompilation)/,
  },
  {
    flag: '--single_threaded_gc',
    others: /^--(no[-_]?)?(single[-_]threaded|parallel[-_]|(cppheap[-_])?concurrent[-_].*(marking|sweeping))/,
  },
];

/** The newest Node.js that was seen to know the flags: it would not start with one that it does not know. */
const NEWEST_SEEN = 26;

/** Where children run. */
interface Surroundings {
  readonly processes: number;
  readonly cores: number;
  readonly versions: { readonly node: string; readonly deno?: string };
}

/**
 * Has a child compile its functions and collect its garbage itself where there are at least as many children as processors: the
 * threads that V8 has for it would take their time from another child, and while a child waits for their turn it runs slow code,
 * or nothing. Two children on two processors take 3 to 7 per cent less time and CPU for the first in the benches of a second or
 * two, and up to 6 for the second; one child alone, which has a processor for these threads, would take 9 to 18 per cent more.
 * Nothing where the user's own flags speak of it.
 *
 * @param given The flags that children have besides.
 */
export function ownFlags(given: readonly string[], { processes, cores, versions }: Surroundings): string[] {
  const isKnown = versions.deno === undefined && Number.parseInt(versions.node, 10) <= NEWEST_SEEN;
  if (!isKnown || processes < cores) return [];
  return OWN.filter(({ others }) => !given.some((flag) => others.test(flag))).map(({ flag }) => flag);
}

/** Takes forkfold's own flags out of those of a child. */
export function dropOwnFlags(execArgv: string[]): void {
  for (const { flag } of OWN) {
    const at = execArgv.indexOf(flag);
    if (at >= 0) execArgv.splice(at, 1);
  }
}

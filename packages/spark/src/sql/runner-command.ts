import { createHash } from 'node:crypto';

/** What runs on an executor, for one partition of a stage. */
export interface RunnerCommand {
  /** The program `node` there: a name on the PATH, or a path. */
  readonly node: string;
  /** The script that starts the loader, by its name from `fileName`. */
  readonly start: string;
  /** What has Node.js load the runner, by such a name. */
  readonly loader: string;
  /** The runner's file. */
  readonly runner: string;
  /** The run's own file, which was brought with the others or later; the runner is told its path first. */
  readonly run: string;
  /** A file that lasts as long as the run; the runner is told it next. */
  readonly leash: string;
  /** What the runner is told besides, in order. */
  readonly args: readonly (string | number)[];
}

/** How the shell ends that finds no file of the run. */
export const NO_FILE = 73;

/**
 * The shell's line. Files of a session over Connect lie in a folder of the executor's working directory, whose name only Spark
 * knows, and those of spark-sql in that directory itself, so the shell looks for the run's file in both, and finds the others
 * beside it. It takes the first one: where a session caches a table, Spark gives the executors a copy of the session, with a
 * folder of the files so far.
 */
export function runnerCommand({ node, start, loader, runner, run, leash, args }: RunnerCommand): string {
  for (const name of [start, loader, runner, run]) {
    if (!SAFE.test(name))
      throw new RangeError(`Expected a file of letters, digits and ._-, got ${JSON.stringify(name)}`);
  }
  const words = [node, loader, runner, run, leash, ...args].map((word) => shellWord(String(word)));
  const otherwise = `cat > /dev/null; echo 'forkfold: ${run} is not there' >&2; exit ${NO_FILE}`;
  return `for dir in . ./*; do [ -f "$dir/${run}" ] && . "$dir/${start}" ${words.join(' ')}; done; ${otherwise}`;
}

/**
 * A name for a file of a session: what it is, a hash of its bytes, and the session. Folders of sessions that ended stay as
 * long as the executor lives, so a name without the session can be in two of them.
 */
export function fileName(what: string, data: Uint8Array, session: string, suffix: string): string {
  const hash = createHash('sha256').update(data).digest('hex').slice(0, 12);
  return `${what}-${hash}-${session.slice(0, 8)}${suffix}`;
}

const SAFE = /^[A-Za-z0-9._-]+$/;

/** A word that the shell takes as it is, without the `${` that Spark would replace. */
export function shellWord(text: string): string {
  if (/^[A-Za-z0-9._/:@%+=-]+$/.test(text)) return text;
  const quoted = text.split("'").join(`'\\''`);
  return `'${quoted.split('${').join("$''{")}'`;
}

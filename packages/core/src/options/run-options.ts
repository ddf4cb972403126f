import type { Pool } from '../pool/pool.js';
import type { Progress } from '../report/progress.js';
import type { RunReport } from '../report/run-report.js';
import type { RunReporter } from '../report/run-snapshot.js';
import type { Engine } from './engine.js';

/**
 * How to run: one flat object, given to `run` or `stream`, and checked before any work begins. A wrong value or an unknown
 * name is an `OptionError`. Only `chunkSize`, `chunkBytes`, `partitions` and `memoryLimit` can have an effect on a result:
 * on the order of keys, on which records `sample` takes, on how floating-point sums round. `onError` leaves records out.
 */
export interface RunOptions {
  /**
   * Number of child processes, 0 to 1024. 0 runs in this process, for a debugger: same results, same errors, but nothing
   * can interrupt an endless loop. @default os.availableParallelism()
   */
  processes?: number | undefined;
  /** Records a chunk, at least 1, for `from`, `range` and `files`. @default a function of the input's length */
  chunkSize?: number | undefined;
  /**
   * Bytes a chunk, at least 1, for `textLines`, `jsonLines`, `csv` and `byteChunks`.
   * @default a 1024th of the input, 256 KiB to 8 MiB
   */
  chunkBytes?: number | undefined;
  /**
   * Buckets of a keyed verb, 1 to 4096: tasks of its reduce side. The order of keyed results depends on it.
   * @default one for each 2 MiB of input, 1 to 256; at least 16 if the size is not known or records may multiply; a
   *   quarter as many for a sort
   */
  partitions?: number | undefined;
  /** Whether `stream` yields in input order; false yields each task, one chunk or several, as it is finished. @default true */
  ordered?: boolean | undefined;
  /** Tasks that may be under way or wait for the consumer of a `stream`, at least 1; each is one chunk then. @default 4 a process */
  bufferSize?: number | undefined;
  /**
   * How often a chunk is tried again after its child died or ran out of time, 0 to 1000. A function that throws is not
   * tried again. @default 2
   */
  retries?: number | undefined;
  /**
   * What to do with a record whose function throws, or that kills its child on every attempt, and with a line that is no
   * row for `jsonLines` or `csv`: `'fail'` the run, `'skip'` the record, or skip at most `maxSkipped` of them. Functions of
   * `reduce` and of combiners always fail the run, and so do `mapPartitions` and what follows it: there, nobody can tell
   * which record is to blame. @default 'fail'
   */
  onError?:
    | 'fail'
    | 'skip'
    | {
        /** One more fails the run; an integer of at least 0. */
        maxSkipped: number;
      }
    | undefined;
  /** Chunks after which a child is replaced by a fresh one, against slow leaks, at least 1. @default no limit */
  tasksPerProcess?: number | undefined;
  /**
   * Milliseconds for a chunk, at least 1; its child is killed by SIGKILL when they are over. With `processes: 0` a chunk
   * that waits is given up, and a busy loop is not interrupted. @default no limit
   */
  timeout?: number | undefined;
  /**
   * Heap of a child in MB, 16 to 1,048,576 (`--max-old-space-size`). A sixth of it, at most 64 MB, is what a keyed verb
   * holds in memory before it goes to the disk. @default Node's own limit
   */
  memoryLimit?: number | undefined;
  /** Aborts the run: its children are killed, and it rejects with the signal's reason, untouched. @default none */
  signal?: AbortSignal | undefined;
  /**
   * True for a line on stderr, or a function that is called after every task. What it throws rejects the run, and so
   * does what its promise rejects with in time; the run does not wait for the promise. @default false
   */
  progress?: boolean | ((progress: Progress) => void) | undefined;
  /**
   * What to do with the report of the run, however it ended: a function, or a file, which is written in a format by its
   * ending. `.html` is a page to look at, by the package `@forkfold/report`, rewritten every two seconds while the run is
   * under way; `.trace.json` the course of the run as Chrome's and Perfetto's trace viewers read it; anything else the
   * report as JSON. Or what `htmlReport` of that package gives. Whatever befalls the report, the run ends as it would
   * without one; a warning tells. @default none
   */
  report?: string | ((report: RunReport) => unknown) | RunReporter | undefined;
  /**
   * Has the child that gets the first task wait for a debugger before it: on port 9229 of this machine, or another one where that
   * is taken; a line on stderr says which. `timeout` does not hold then. Not with `processes: 0`, whose tasks run in this process.
   * @default false
   */
  inspect?: boolean | undefined;
  /**
   * A directory, made where it is missing, for a profile of the CPU time of all children: one `.cpuprofile`, whose ten functions
   * that took most are in the report, and on stderr with `progress: true`. Children that are killed leave none. Not with
   * `processes: 0` and `pool`, whose processes outlive the run. @default none
   */
  profile?: string | undefined;
  /**
   * A directory, new or empty, that keeps finished chunks, so that the same plan on the same input goes on after a crash,
   * a kill or a power cut (which costs at most the last second's work). Removed once the run has succeeded. A changed
   * input, plan, job or argument is refused. @default none
   */
  checkpoint?: string | undefined;
  /**
   * Starts children under Node's permission model: they read files, but write none outside their run's directory and its
   * checkpoint, and start no processes. OptionError where Node has no such model. @default false
   */
  permissions?: boolean | undefined;
  /** Where the run makes its own directory (mode 0700), once it has temporary files, unless its `pool` has a `tmpDir`. @default os.tmpdir() */
  tmpDir?: string | undefined;
  /** Environment variables for the children, besides this process's own, which they replace. @default none */
  env?: Record<string, string> | undefined;
  /** Flags for the children's `node`, behind those of this process; a debugger's are not passed on. @default none */
  execArgv?: readonly string[] | undefined;
  /** A pool of warm children, made by `createPool`; its own `processes`, `memoryLimit`, `permissions`, `tmpDir`, `env` and `execArgv` hold. @default none */
  pool?: Pool | undefined;
  /**
   * Runs the plan elsewhere, with the same result: `spark(...)` of `@forkfold/spark`. What an engine cannot do it refuses
   * before it starts. @default child processes of this machine
   */
  engine?: Engine<RunOptions> | undefined;
}

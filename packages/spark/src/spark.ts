import type { Engine, RunOptions } from '@forkfold/core';
import { OptionError } from '@forkfold/core';
import { parseRemote } from './client/remote.js';
import { doctor, type DoctorReport } from './doctor/doctor.js';
import type { Host } from './engine/host.js';
import { openDoor } from './engine/open-door.js';
import { runPlan, streamRecords } from './engine/run.js';
import { SharedSession } from './engine/shared-session.js';
import { Bundles } from './bundle/bundles.js';
import type { SparkOptions } from './spark-options.js';

/** Runs plans on Spark: give it as the option `engine`. */
export interface SparkEngine extends Engine<RunOptions>, AsyncDisposable {
  /** Looks at what plans need of the executors, and says what is amiss. Rejects only where Spark cannot be asked. */
  doctor(options?: { readonly signal?: AbortSignal | undefined }): Promise<DoctorReport>;
  /** Ends the session; the next run opens another one. It ends by itself half a minute after the last run. */
  close(): Promise<void>;
}

/**
 * An engine that runs plans on Apache Spark 4, with the result of one machine, bit for bit: by a Spark Connect server, or by
 * Spark's own command line (`via: 'spark-sql'`).
 *
 * @throws OptionError for wrong options; the server is looked for by the first run.
 * @example
 * await using engine = spark({ remote: 'sc://head:15002' });
 * const words = textLines('/shared/books/*.txt').flatMap((line) => line.split(' '));
 * const counts = await words.countByValue().toMap().run({ engine });
 */
export function spark(options: SparkOptions): SparkEngine {
  const host: Host = {
    options: checked(options),
    sessions: new SharedSession(options),
    bundles: new Bundles(),
  };
  const close = (): Promise<void> => host.sessions.close();
  return {
    name: 'spark',
    run: (plan, action, given) => runPlan(host, plan, action, given),
    stream: (plan, action, given) => streamRecords(host, plan, action, given),
    async doctor({ signal } = {}) {
      await using client = await openDoor(options, signal);
      return await doctor(client, { node: options.node, signal });
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** Options of both ways to Spark, and those of each. */
const SHARED = ['via', 'conf', 'node', 'lanes', 'files'];
const OF_WAY: Readonly<Record<string, readonly string[]>> = {
  connect: ['remote', 'token', 'rootCertificates'],
  'spark-sql': ['command'],
};

function checked(options: SparkOptions): SparkOptions {
  const { via = 'connect', lanes } = options;
  const own = OF_WAY[via];
  if (own === undefined) {
    throw new OptionError(`Expected "via" to be 'connect' or 'spark-sql', got ${JSON.stringify(via)}`, 'via');
  }
  const known = [...own, ...SHARED];
  const unknown = Object.keys(options).find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw new OptionError(
      `Unknown option "${unknown}" of spark via ${via}: it takes ${known.join(', ')}`,
      unknown,
    );
  }
  if (options.via === 'spark-sql') checkCommand(options.command);
  else checkRemote(options.remote);
  if (lanes !== undefined && !(Number.isInteger(lanes) && lanes >= 1 && lanes <= 100_000)) {
    throw new OptionError(`Expected "lanes" to be an integer from 1 to 100000, got ${lanes}`, 'lanes');
  }
  return options;
}

function checkRemote(remote: unknown): void {
  if (typeof remote !== 'string') {
    throw new OptionError(
      `Expected "remote" to be an address such as sc://host:15002, got ${typeof remote}`,
      'remote',
    );
  }
  parseRemote(remote);
}

function checkCommand(command: unknown): void {
  if (process.platform === 'win32') {
    throw new OptionError("spark-sql is driven by a shell, which Windows lacks: use via: 'connect'", 'via');
  }
  const words: readonly unknown[] = Array.isArray(command) ? command : [command ?? 'spark-sql'];
  if (words.length > 0 && words.every((word) => typeof word === 'string' && word !== '')) return;
  throw new OptionError(
    `Expected "command" to be a program, or an array of it and its arguments, got ${JSON.stringify(command)}`,
    'command',
  );
}

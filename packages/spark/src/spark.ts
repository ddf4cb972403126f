import type { Engine, RunOptions } from '@forkfold/core';
import { OptionError } from '@forkfold/core';
import { parseRemote } from './client/remote.js';
import { doctor, type DoctorReport } from './doctor/doctor.js';
import type { Host } from './engine/host.js';
import { runPlan, streamRecords } from './engine/run.js';
import { SharedSession } from './engine/shared-session.js';
import { Bundles } from './bundle/bundles.js';
import { connect } from './client/client.js';
import type { SparkOptions } from './spark-options.js';

/** Runs plans on Spark: give it as the option `engine`. */
export interface SparkEngine extends Engine<RunOptions>, AsyncDisposable {
  /** Looks at what plans need of the executors, and says what is amiss. Rejects only where Spark cannot be asked. */
  doctor(options?: { readonly signal?: AbortSignal | undefined }): Promise<DoctorReport>;
  /** Ends the session; the next run opens another one. It ends by itself half a minute after the last run. */
  close(): Promise<void>;
}

/**
 * An engine that runs plans on Apache Spark 4 by a Spark Connect server, with the result of one machine, bit for bit.
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
      await using client = await connect(options);
      return await doctor(client, { node: options.node, signal });
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

const KNOWN = ['remote', 'token', 'rootCertificates', 'conf', 'node', 'lanes', 'files'];

function checked(options: SparkOptions): SparkOptions {
  const unknown = Object.keys(options).find((name) => !KNOWN.includes(name));
  if (unknown !== undefined) {
    throw new OptionError(`Unknown option "${unknown}" of spark: it takes ${KNOWN.join(', ')}`, unknown);
  }
  const { remote, lanes } = options;
  if (typeof remote !== 'string') {
    throw new OptionError(
      `Expected "remote" to be an address such as sc://host:15002, got ${typeof remote}`,
      'remote',
    );
  }
  parseRemote(remote);
  if (lanes !== undefined && !(Number.isInteger(lanes) && lanes >= 1 && lanes <= 100_000)) {
    throw new OptionError(`Expected "lanes" to be an integer from 1 to 100000, got ${lanes}`, 'lanes');
  }
  return options;
}

import { randomUUID } from 'node:crypto';
import { connect, type SparkClient } from '../../src/client/client.js';

const { FORKFOLD_SPARK_REMOTE: remote, FORKFOLD_SPARK_TOKEN: token } = process.env;

/** The address that `npm run test:spark` gives. */
export function serverAddress(): { remote: string; token: string } {
  if (remote === undefined || token === undefined) throw new Error('run these tests by npm run test:spark');
  return { remote, token };
}

/** A session of its own. The server may be busy warming up. */
export function openSession(): Promise<SparkClient> {
  return connect({ ...serverAddress(), connectPatience: 20_000 });
}

/** A name that no other test uses. */
export function uniqueName(what: string): string {
  return `${what}_${randomUUID().replaceAll('-', '')}`;
}

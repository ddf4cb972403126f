/**
 * `npm run test:spark [-- --required] [-- --cluster [--bytes 4gb]] [jest's arguments]`: the tests of packages/spark that need a
 * real Spark Connect server. It brings Spark, starts the server, runs them, and stops it; with `--cluster` it starts a cluster of
 * two hosts, whose processes the tests kill, and `--bytes` says how much input goes through it once (1gb). Maven has no command
 * line of Spark: where `SPARK_HOME` or the PATH has a spark-sql, it is tested, too. Where there is no Spark to be had it says so
 * and succeeds, unless `--required`.
 */
import { randomUUID } from 'node:crypto';
import { copyFileSync, existsSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { root, runCommand } from './run-command.mjs';
import { setup } from './setup.mjs';
import { startCluster } from './spark/cluster.mjs';
import { findSparkSql } from './spark/find-spark-sql.mjs';
import { sparkJars } from './spark/jars.mjs';
import { startServer } from './spark/server.mjs';
import { Skip } from './spark/skip.mjs';

const isRequired = process.argv.includes('--required');
const isCluster = process.argv.includes('--cluster');
const megabytes = megabytesOf(process.argv);
const token = randomUUID();
const LOG = join(root, 'spark-server.log');

// The tests hear of a signal by themselves; the server is stopped whatever happens.
const abort = new AbortController();
let interruptedBy;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => {
    interruptedBy ??= signal;
    abort.abort(new Error(`interrupted by ${signal}`));
  });
}

await setup();
let server;
let code = 1;
try {
  const jars = await sparkJars(abort.signal);
  server = isCluster ? await openCluster(jars) : await openServer(jars);
  const sparkSql = await findSparkSql();
  if (!isCluster && sparkSql === undefined) {
    console.log(
      "Left out the tests of Spark's command line: there is no spark-sql on the PATH, and SPARK_HOME names none",
    );
  }
  code = await runTests({
    ...(sparkSql && { FORKFOLD_SPARK_SQL: sparkSql }),
    FORKFOLD_SPARK_REMOTE: server.remote,
    FORKFOLD_SPARK_TOKEN: token,
    FORKFOLD_SPARK_JARS: jars,
    FORKFOLD_CLUSTER: JSON.stringify(server),
    FORKFOLD_CLUSTER_MB: String(megabytes),
  });
  if (code !== 0) {
    if (existsSync(server.log)) {
      copyFileSync(server.log, LOG);
      console.log(`The server's log is ${LOG}`);
    }
  }
} catch (error) {
  if (error instanceof Skip) {
    console.log(`SKIPPED the tests on a real Spark: ${error.message}`);
    code = isRequired ? 1 : 0;
  } else if (!interruptedBy) throw error;
} finally {
  await server?.stop();
}
process.exit(interruptedBy ? 128 + constants.signals[interruptedBy] : code);

function openServer(jars) {
  const conf = {
    'spark.connect.authenticate.token': token,
    // Every query that lasts longer goes on in another stream, as one of minutes does under the default of 2 minutes.
    'spark.connect.execute.reattachable.senderMaxStreamDuration': '2s',
    // A result that is too large is a small one then.
    'spark.driver.maxResultSize': '48m',
    // A file system that only Spark knows: this machine's, by another name.
    'spark.hadoop.fs.viewfs.mounttable.disk.linkFallback': 'file:///',
  };
  return startServer({ jars, signal: abort.signal, conf });
}

function openCluster(jars) {
  const conf = {
    'spark.speculation': true,
    'spark.speculation.quantile': 0.5,
    // What was fetched from a host that is dead is given up soon.
    'spark.shuffle.io.maxRetries': 1,
    'spark.shuffle.io.retryWait': '1s',
  };
  return startCluster({ jars, signal: abort.signal, conf });
}

function runTests(env) {
  // The flags go to this one node: through NODE_OPTIONS every child of every test would inherit them.
  return runCommand(
    process.execPath,
    [
      '--experimental-vm-modules',
      '--disable-warning=ExperimentalWarning',
      join(root, 'node_modules/jest/bin/jest.js'),
      '--config',
      `packages/spark/jest.${isCluster ? 'cluster' : 'server'}.config.js`,
      ...jestArguments(process.argv.slice(2)),
    ],
    { env: { ...process.env, ...env } },
  );
}

/** How much input goes through the cluster, from `--bytes 512mb` or `--bytes=4gb`. */
function megabytesOf(argv) {
  const at = argv.findIndex((argument) => argument.startsWith('--bytes'));
  if (at < 0) return 1000;
  const given = argv[at].includes('=') ? argv[at].slice('--bytes='.length) : argv[at + 1];
  const [, size, unit] = /^(\d+(?:\.\d+)?)\s*(mb|gb)$/i.exec(given ?? '') ?? [];
  if (size === undefined) throw new Error(`Expected --bytes to be a size such as 512mb or 4gb, got ${given}`);
  return Number(size) * (unit.toLowerCase() === 'gb' ? 1000 : 1);
}

function jestArguments(argv) {
  const at = argv.indexOf('--bytes');
  return argv.filter(
    (argument, i) => !/^--(required|cluster|bytes(=.*)?)$/.test(argument) && (at < 0 || i !== at + 1),
  );
}

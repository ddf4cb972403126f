import { spawn } from 'node:child_process';
import { createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { isThere } from './is-there.mjs';
import { Skip } from './skip.mjs';

const OLDEST_JAVA = 17;

/** What Spark reaches into: the list of its class JavaModuleOptions. */
const OPENED = [
  'java.lang',
  'java.lang.invoke',
  'java.lang.reflect',
  'java.io',
  'java.net',
  'java.nio',
  'java.util',
  'java.util.concurrent',
  'java.util.concurrent.atomic',
  'jdk.internal.ref',
  'sun.nio.ch',
  'sun.nio.cs',
  'sun.security.action',
  'sun.util.calendar',
];

/**
 * Starts a Spark Connect server with two executor threads on a free port of the loopback interface, and waits until it answers.
 * It ends with `stop`, and with this process, however that ends; where it does not start in time, or the signal aborts, it is
 * stopped.
 */
export async function startServer({ jars, conf = {}, patience = 120_000, signal }) {
  if (process.platform === 'win32') throw new Skip('Spark runs programs by /bin/bash');
  const java = await findJava();
  const directory = mkdtempSync(join(tmpdir(), 'forkfold-spark-'));
  const settings = {
    // This asks for two threads and two tries a task: `local` hears no spark.task.maxFailures.
    'spark.master': 'local[2,2]',
    'spark.ui.enabled': false,
    'spark.driver.host': '127.0.0.1',
    'spark.driver.bindAddress': '127.0.0.1',
    'spark.connect.grpc.binding.address': '127.0.0.1',
    'spark.connect.grpc.binding.port': 0,
    'spark.sql.catalogImplementation': 'in-memory',
    'spark.sql.warehouse.dir': join(directory, 'warehouse'),
    'spark.local.dir': join(directory, 'local'),
    ...conf,
  };
  const args = [
    '-Xmx1g',
    '-XX:+IgnoreUnrecognizedVMOptions',
    '--add-modules=jdk.incubator.vector',
    ...OPENED.map((name) => `--add-opens=java.base/${name}=ALL-UNNAMED`),
    '-Djdk.reflect.useDirectMethodHandle=false',
    ...Object.entries(settings).map(([key, value]) => `-D${key}=${value}`),
    '-cp',
    join(jars, '*'),
    'org.apache.spark.sql.connect.service.SparkConnectServer',
  ];
  // The JVM does not notice when its parent is killed; the shell beside it sees the pipe end, and stops it.
  const watch = '(cat <&3; kill $$) > /dev/null 2>&1 & exec 3<&-; exec "$0" "$@"';
  const child = spawn('sh', ['-c', watch, java, ...args], {
    cwd: directory,
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  });
  const ended = new Promise((resolve) => child.on('close', resolve));
  const log = join(directory, 'server.log');
  const stop = async () => {
    child.stdio[3].destroy();
    child.kill();
    const late = setTimeout(() => child.kill('SIGKILL'), 20_000);
    await ended;
    clearTimeout(late);
    rmSync(directory, { recursive: true, force: true });
  };
  try {
    const port = await portOf(child, { log, patience, signal });
    return { remote: `sc://127.0.0.1:${port}`, log, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Reads the port out of the log, which goes on to a file. */
function portOf(child, { log, patience, signal }) {
  const lines = [];
  const file = createWriteStream(log);
  return new Promise((resolve, reject) => {
    const fail = (reason) =>
      reject(new Error(`The Spark Connect server ${reason}:\n${lines.slice(-30).join('\n')}`));
    signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
    const timer = setTimeout(() => fail(`has not started in ${patience / 1000} seconds`), patience);
    child.on('error', (error) => fail(`cannot be started: ${error.message}`));
    // Its streams may stay open behind it: the shell that watches over it holds one.
    child.on('exit', (code, signal) => {
      clearTimeout(timer);
      fail(`has ended with ${signal ?? `code ${code}`}`);
    });
    child.on('close', () => file.end());
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on('line', (line) => {
        file.write(`${line}\n`);
        if (lines.push(line) > 100) lines.shift();
        const [, port] = /Spark Connect server started at: \S*:(\d+)/.exec(line) ?? [];
        if (port === undefined) return;
        clearTimeout(timer);
        resolve(Number(port));
      });
    }
  });
}

async function findJava() {
  const { JAVA_HOME } = process.env;
  const java = JAVA_HOME ? join(JAVA_HOME, 'bin', 'java') : 'java';
  const output = await isThere(java, ['-version']);
  if (!output) throw new Skip(`there is no Java (${java})`);
  const [, version] = /version "(\d+)/.exec(output) ?? [];
  if (!(Number(version) >= OLDEST_JAVA))
    throw new Skip(`Spark needs Java ${OLDEST_JAVA}, ${java} is ${version}`);
  return java;
}

import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
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
 * Starts a program of Spark's, and waits for a line of its log. It ends with `stop`, and with this process, however that ends;
 * where the line does not come in time, or the signal aborts, it is stopped.
 *
 * @param ready Matches the line; its first group is what comes back as `found`.
 */
export async function startJvm(given) {
  const { name, jars, mainClass, args = [], conf = {}, memory = '1g', directory, env = {} } = given;
  const { ready, patience = 120_000, signal } = given;
  const java = await findJava();
  const command = [
    `-Xmx${memory}`,
    '-XX:+IgnoreUnrecognizedVMOptions',
    '--add-modules=jdk.incubator.vector',
    ...OPENED.map((opened) => `--add-opens=java.base/${opened}=ALL-UNNAMED`),
    '-Djdk.reflect.useDirectMethodHandle=false',
    ...Object.entries(conf).map(([key, value]) => `-D${key}=${value}`),
    '-cp',
    join(jars, '*'),
    mainClass,
    ...args.map(String),
  ];
  // The JVM does not notice when its parent is killed; the shell beside it sees the pipe end, and stops it.
  const watch = '(cat <&3; kill $$) > /dev/null 2>&1 & exec 3<&-; exec "$0" "$@"';
  const child = spawn('sh', ['-c', watch, java, ...command], {
    cwd: directory,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  });
  const ended = new Promise((resolve) => child.on('close', resolve));
  const log = join(directory, `${name}.log`);
  const stop = async () => {
    child.stdio[3].destroy();
    child.kill();
    const late = setTimeout(() => child.kill('SIGKILL'), 20_000);
    await ended;
    clearTimeout(late);
  };
  try {
    const found = await lineOf(child, { name, log, ready, patience, signal });
    return { pid: child.pid, found, log, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Looks for a line of the log, which goes on to a file. */
function lineOf(child, { name, log, ready, patience, signal }) {
  const lines = [];
  const file = createWriteStream(log);
  return new Promise((resolve, reject) => {
    const fail = (reason) => reject(new Error(`${name} ${reason}:\n${lines.slice(-30).join('\n')}`));
    signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
    const timer = setTimeout(() => fail(`has not started in ${patience / 1000} seconds`), patience);
    child.on('error', (error) => fail(`cannot be started: ${error.message}`));
    // The streams may stay open behind it: the shell that watches over it holds one.
    child.on('exit', (code, signal) => {
      clearTimeout(timer);
      fail(`has ended with ${signal ?? `code ${code}`}`);
    });
    child.on('close', () => file.end());
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on('line', (line) => {
        file.write(`${line}\n`);
        if (lines.push(line) > 100) lines.shift();
        const [, found] = ready.exec(line) ?? [];
        if (found === undefined) return;
        clearTimeout(timer);
        resolve(found);
      });
    }
  });
}

async function findJava() {
  if (process.platform === 'win32') throw new Skip('Spark runs programs by /bin/bash');
  const { JAVA_HOME } = process.env;
  const java = JAVA_HOME ? join(JAVA_HOME, 'bin', 'java') : 'java';
  const output = await isThere(java, ['-version']);
  if (!output) throw new Skip(`there is no Java (${java})`);
  const [, version] = /version "(\d+)/.exec(output) ?? [];
  if (!(Number(version) >= OLDEST_JAVA))
    throw new Skip(`Spark needs Java ${OLDEST_JAVA}, ${java} is ${version}`);
  return java;
}

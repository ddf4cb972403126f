import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startJvm } from './jvm.mjs';
import { startServer } from './server.mjs';

/**
 * Starts a standalone cluster of two hosts: a master, a worker of one core on each of two loopback addresses, and a Connect
 * server, which writes Spark's event log. Two workers of one host would read each other's files, and no fetch would ever fail.
 */
export async function startCluster({ jars, conf = {}, signal }) {
  const directory = mkdtempSync(join(tmpdir(), 'forkfold-cluster-'));
  const started = [];
  const stop = async () => {
    for (const { stop } of started.reverse().splice(0)) await stop();
    rmSync(directory, { recursive: true, force: true });
  };
  const place = (name) => {
    const path = join(directory, name);
    mkdirSync(path);
    return path;
  };
  // Workers look for the jars of executors there.
  const home = place('home');
  symlinkSync(jars, join(home, 'jars'));
  const env = { SPARK_HOME: home, SPARK_SCALA_VERSION: '2.13' };
  const events = place('events');
  try {
    const master = await startJvm({
      name: 'master',
      jars,
      mainClass: 'org.apache.spark.deploy.master.Master',
      args: ['--host', '127.0.0.1', '--port', 0, '--webui-port', 0],
      memory: '256m',
      directory: place('master'),
      env,
      ready: /Starting Spark master at (spark:\/\/\S+)/,
      signal,
    });
    started.push(master);
    const workers = [];
    for (const host of ['127.0.0.1', '127.0.0.2']) {
      const own = place(host);
      const worker = await startJvm({
        name: 'worker',
        jars,
        mainClass: 'org.apache.spark.deploy.worker.Worker',
        args: [
          '--host',
          host,
          '--cores',
          1,
          '--memory',
          '2g',
          '--webui-port',
          0,
          '--work-dir',
          own,
          master.found,
        ],
        memory: '256m',
        directory: own,
        env: { ...env, SPARK_LOCAL_IP: host, SPARK_LOCAL_DIRS: place(`local-${host}`) },
        ready: /Successfully registered with master (\S+)/,
        signal,
      });
      started.push(worker);
      workers.push({ host, pid: worker.pid });
    }
    const server = await startServer({
      jars,
      conf: {
        'spark.master': master.found,
        'spark.executor.memory': '512m',
        'spark.eventLog.enabled': true,
        'spark.eventLog.dir': `file:${events}`,
        'spark.eventLog.rolling.enabled': false,
        'spark.eventLog.compress': false,
        ...conf,
      },
      env,
      signal,
    });
    started.push(server);
    return { remote: server.remote, log: server.log, server: server.pid, workers, events, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

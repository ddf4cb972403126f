import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startJvm } from './jvm.mjs';

/**
 * Starts a Spark Connect server on a free port of the loopback interface, and waits until it answers: with two executor threads of
 * its own, unless `conf` names another master. It ends with `stop`, and with this process, however that ends.
 */
export async function startServer({ jars, conf = {}, env, patience, signal }) {
  const directory = mkdtempSync(join(tmpdir(), 'forkfold-spark-'));
  const removed = () => rmSync(directory, { recursive: true, force: true });
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
  try {
    const server = await startJvm({
      name: 'server',
      jars,
      mainClass: 'org.apache.spark.sql.connect.service.SparkConnectServer',
      conf: settings,
      directory,
      env,
      ready: /Spark Connect server started at: \S*:(\d+)/,
      patience,
      signal,
    });
    const stop = async () => {
      await server.stop();
      removed();
    };
    return { pid: server.pid, remote: `sc://127.0.0.1:${server.found}`, log: server.log, stop };
  } catch (error) {
    removed();
    throw error;
  }
}

import type { SparkDoor } from './spark-door.js';

/** How many tasks Spark runs at once: the cores of the executors, unless `spark.default.parallelism` says otherwise. */
export async function parallelism(client: SparkDoor): Promise<number> {
  const [row] = await client.sql(
    'SELECT max(partition) + 1 FROM (SELECT spark_partition_id() partition FROM range(0, 65536))',
  );
  return Number(row?.[0]);
}

/** A stage as SQL needs to know it: where its rows come from, and what maps them to other rows. */
export interface SqlStage {
  /** The shell's line that reads rows on stdin and writes rows on stdout. */
  readonly command: string;
  /** Tasks that need no rows of another stage; the command reads their numbers. */
  readonly tasks?: SqlTasks | undefined;
  /** Earlier stages whose rows it reads, by their `p`. */
  readonly inputs?: readonly SqlInput[] | undefined;
}

export interface SqlTasks {
  readonly count: number;
  /** Over how many processes they are spread: each takes a run of neighbours. */
  readonly processes: number;
}

export interface SqlInput {
  /** The number of the stage. */
  readonly stage: number;
  /** Over how many partitions its rows are spread; `p` comes from `laneKeys` of as many. */
  readonly lanes: number;
}

/** A row: who reads it (`p`), where it belongs (`s`), and what it says (`d`). */
const COLUMNS = 'p INT, s BIGINT, d STRING';
const FORMAT = "ROW FORMAT DELIMITED FIELDS TERMINATED BY '\\t'";

/** What `p` is in the row of a task, whose `d` is the task's number. */
export const TASK_ROW = -1;

/**
 * The query whose rows are those of the last stage. A stage that several others read runs once if they ask for as many lanes
 * of it: Spark shuffles its rows once for all of them.
 */
export function stagesQuery(stages: readonly SqlStage[]): string {
  if (stages.length === 0) throw new RangeError('Expected at least one stage');
  const tables = stages.map((stage, number) => `stage${number} AS (${stageQuery(stage, number)})`);
  return `WITH ${tables.join(', ')} SELECT * FROM stage${stages.length - 1}`;
}

/** Runs a query once, and keeps its rows on the executors' disks for any number of reads of `name`. */
export function cacheTable(name: string, query: string): string {
  return `CACHE TABLE ${identifier(name)} OPTIONS ('storageLevel' 'DISK_ONLY') AS ${query}`;
}

/** Lets go of what `cacheTable` keeps. */
export function uncacheTable(name: string): string {
  return `UNCACHE TABLE IF EXISTS ${identifier(name)}`;
}

/** A text as SQL says it. */
export function sqlText(text: string): string {
  // Spark puts configuration in place of ${...} wherever it stands, even in a text.
  if (text.includes('${')) throw new RangeError(`Spark would replace \${...} in ${JSON.stringify(text)}`);
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}

function identifier(name: string): string {
  return `\`${name.replaceAll('`', '``')}\``;
}

function stageQuery({ command, tasks, inputs = [] }: SqlStage, number: number): string {
  const rows = [
    ...(tasks ? [taskRows(tasks)] : []),
    ...inputs.map(({ stage, lanes }) => {
      if (!(stage >= 0 && stage < number)) throw new RangeError(`Stage ${number} cannot read stage ${stage}`);
      // Spark's adaptive execution leaves a repartition by number alone, but may join the partitions of a DISTRIBUTE BY.
      return `SELECT * FROM (SELECT /*+ REPARTITION(${lanes}, p) */ * FROM stage${stage}) SORT BY s`;
    }),
  ];
  if (rows.length === 0) throw new RangeError(`Stage ${number} has no input`);
  const from = rows.length === 1 ? rows[0]! : rows.map((query) => `(${query})`).join(' UNION ALL ');
  return `SELECT TRANSFORM(p, s, d) ${FORMAT} USING ${sqlText(command)} AS (${COLUMNS}) ${FORMAT} FROM (${from})`;
}

/** `range` cuts its numbers evenly, in order, into as many partitions as it is told. */
function taskRows({ count, processes }: SqlTasks): string {
  return `SELECT ${TASK_ROW} p, 0L s, CAST(id AS STRING) d FROM range(0, ${count}, 1, ${Math.max(1, Math.min(count, processes))})`;
}

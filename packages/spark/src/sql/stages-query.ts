import { ROW } from './row-kinds.js';

/** A stage as SQL needs to know it: where its rows come from, and what maps them to other rows. */
export interface SqlStage {
  /** The shell's line that reads rows on stdin and writes rows on stdout. */
  readonly command: string;
  /** Tasks that need no rows of another stage; the command reads their numbers. */
  readonly tasks?: SqlTasks | undefined;
  /** Text that Spark reads, a row a line. */
  readonly texts?: readonly SqlText[] | undefined;
  /** Earlier stages whose rows it reads, by their `p`. */
  readonly inputs?: readonly SqlInput[] | undefined;
}

export interface SqlTasks {
  readonly count: number;
  /** Over how many processes they are spread: each takes a run of neighbours. */
  readonly processes: number;
}

export interface SqlText {
  /** Paths of any file system that Spark knows; they may have globs. */
  readonly paths: readonly string[];
  /** The `s` of the lines of partition 0; that of the others is higher by `step` each. */
  readonly order: bigint;
  readonly step: bigint;
}

export interface SqlInput {
  /** The number of the stage. */
  readonly stage: number;
  /** Over how many partitions its rows are spread; `p` comes from `laneKeys` of as many. */
  readonly lanes: number;
  /** For a sort: the rows are those of a table instead, cut into ranges. */
  readonly sorted?: SqlSorted | undefined;
}

/** Rows of sorted runs, and to which range of keys they belong. */
export interface SqlSorted {
  readonly table: string;
  readonly ranges: readonly SqlRange[];
}

/** Some neighbouring rows of a run: those of the task from `low` up to before `high`. */
export interface SqlRange {
  readonly task: number;
  readonly low: bigint;
  readonly high: bigint;
  /** The `p` that they get. */
  readonly key: number;
  /** The `s` that the first of them gets; the others follow. */
  readonly order: bigint;
}

/** A row: who reads it (`p`), where it belongs (`s`), and what it says (`d`). */
const COLUMNS = 'p INT, s BIGINT, d STRING';
const FORMAT = "ROW FORMAT DELIMITED FIELDS TERMINATED BY '\\t'";

/**
 * The query whose rows are those of the last stage. A stage that several others read runs once if they ask for as many lanes
 * of it: Spark shuffles its rows once for all of them.
 */
export function stagesQuery(stages: readonly SqlStage[]): string {
  if (stages.length === 0) throw new RangeError('Expected at least one stage');
  const named = (number: number): string => `stage${number}`;
  const tables = stages.map((stage, number) => `${named(number)} AS (${stageQuery(stage, number, named)})`);
  return `WITH ${tables.join(', ')} SELECT * FROM ${named(stages.length - 1)}`;
}

/**
 * The same query without names, for a table that is kept: Spark finds it again by its plan, in which it numbers the names of every
 * WITH anew. It grows with the number of ways through the stages.
 */
export function nestedQuery(stages: readonly SqlStage[]): string {
  const nested = (number: number): string => `(${stageQuery(stages[number]!, number, nested)})`;
  return `SELECT * FROM ${nested(stages.length - 1)}`;
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

function stageQuery(
  { command, tasks, texts = [], inputs = [] }: SqlStage,
  number: number,
  nameOf: (stage: number) => string,
): string {
  const rows = [
    ...(tasks ? [taskRows(tasks)] : []),
    ...texts.map(textRows),
    ...inputs.map(({ stage, lanes, sorted }) => {
      if (!(stage >= 0 && stage < number)) throw new RangeError(`Stage ${number} cannot read stage ${stage}`);
      const given = sorted ? `(${rangeRows(sorted)})` : nameOf(stage);
      // Spark's adaptive execution leaves a repartition by number alone, but may join the partitions of a DISTRIBUTE BY.
      return `SELECT * FROM (SELECT /*+ REPARTITION(${lanes}, p) */ * FROM ${given}) SORT BY s`;
    }),
  ];
  if (rows.length === 0) throw new RangeError(`Stage ${number} has no input`);
  const from = rows.length === 1 ? rows[0]! : rows.map((query) => `(${query})`).join(' UNION ALL ');
  return `SELECT TRANSFORM(p, s, d) ${FORMAT} USING ${sqlText(command)} AS (${COLUMNS}) ${FORMAT} FROM (${from})`;
}

function textRows({ paths, order, step }: SqlText): string {
  const files = paths.map((path) => `SELECT value FROM text.${identifier(path)}`).join(' UNION ALL ');
  return `SELECT ${ROW.line} p, ${order}L + ${step}L * spark_partition_id() s, value d FROM (${files})`;
}

/** A row near the border of two ranges belongs to both. */
function rangeRows({ table, ranges }: SqlSorted): string {
  if (ranges.length === 0) return "SELECT 0 p, 0L s, '' d WHERE false";
  const values = ranges.map(
    ({ task, low, high, key, order }) => `(${task}, ${low}L, ${high}L, ${key}, ${order}L)`,
  );
  return (
    `SELECT /*+ BROADCAST(r) */ r.p, r.s + t.s - r.low AS s, t.d FROM ${identifier(table)} t ` +
    `JOIN (VALUES ${values.join(', ')}) AS r(task, low, high, p, s) ON t.p = r.task AND t.s >= r.low AND t.s < r.high`
  );
}

/** `range` cuts its numbers evenly, in order, into as many partitions as it is told. */
function taskRows({ count, processes }: SqlTasks): string {
  return `SELECT ${ROW.task} p, 0L s, CAST(id AS STRING) d FROM range(0, ${count}, 1, ${Math.max(1, Math.min(count, processes))})`;
}

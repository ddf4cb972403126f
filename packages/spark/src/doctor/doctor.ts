import { EngineError } from '../engine-error.js';
import type { SparkDoor } from '../client/spark-door.js';
import { parallelism } from '../client/parallelism.js';
import { fileName, shellWord } from '../sql/runner-command.js';
import { sqlText } from '../sql/stages-query.js';

/** What was found on one executor. */
export interface ExecutorReport {
  readonly host: string;
  /** Its working directory, which tells executors of a host apart. */
  readonly directory: string;
  readonly bash: string;
  /** Such as `v22.11.0`; `undefined` where `node` did not run. */
  readonly node: string | undefined;
  /** The path of the program that ran. */
  readonly nodePath: string | undefined;
  readonly arch: string | undefined;
  /** What `node` or the shell printed instead. */
  readonly nodeError: string | undefined;
  /** Whether a file of the session lies there. */
  readonly hasFiles: boolean;
}

export interface DoctorReport {
  /** The version of Spark. */
  readonly spark: string;
  readonly applicationId: string | undefined;
  /** How many tasks Spark runs at once. */
  readonly parallelism: number;
  /** Those that took a task: all of them, unless others' work kept some busy. */
  readonly executors: readonly ExecutorReport[];
  /** Whether the exit code of a program that fails, and the end of its stderr, come back in Spark's error. */
  readonly exitCode: boolean;
  readonly stderr: boolean;
  /** What keeps a plan from running here, each with its remedy; empty when nothing does. */
  readonly problems: readonly string[];
}

export interface DoctorOptions {
  /** The program `node` on the executors: a name on their PATH, or a path. @default 'node' */
  readonly node?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

const OLDEST_NODE = 20;
const EXIT_CODE = 70;
const MARK = 'forkfold-doctor';
const FACTS = 'JSON.stringify({ node: process.version, nodePath: process.execPath, arch: process.arch })';
const FORMAT = "ROW FORMAT DELIMITED FIELDS TERMINATED BY '\\t'";

/** Looks at what a plan needs of the executors. What it finds amiss is data; it rejects only where Spark cannot be asked. */
export async function doctor(
  client: SparkDoor,
  { node = 'node', signal }: DoctorOptions = {},
): Promise<DoctorReport> {
  const { problems, ...found } = await examine(client, { node, signal });
  const told = await provokeFailure(client, signal);
  return {
    spark: client.version,
    applicationId: client.applicationId,
    ...found,
    ...told,
    problems: [
      ...problems,
      ...(told.exitCode ? [] : ["Spark's error does not tell the exit code of a program that failed"]),
      ...(told.stderr ? [] : ["Spark's error does not tell what a program that failed wrote to stderr"]),
    ],
  };
}

/** What is found without letting anything fail. */
export type Examination = Pick<DoctorReport, 'parallelism' | 'executors' | 'problems'>;

/** Looks at the executors alone: a query or two. */
export async function examine(
  client: SparkDoor,
  { node = 'node', signal }: DoctorOptions = {},
): Promise<Examination> {
  const lanes = await parallelism(client);
  const content = Buffer.from(MARK);
  const file = fileName('doctor', content, client.sessionId, '.txt');
  await client.addFiles([{ name: file, data: content }], signal);
  const looked = await lookAtExecutors(client, { lanes, file, node, signal });
  if (looked instanceof EngineError) {
    return { parallelism: lanes, executors: [], problems: [inWords(looked)] };
  }
  const problems = looked.flatMap((executor) => problemsOf(executor, node));
  return { parallelism: lanes, executors: looked, problems };
}

interface Look {
  readonly lanes: number;
  readonly file: string;
  readonly node: string;
  readonly signal: AbortSignal | undefined;
}

/** Runs as many tasks as Spark runs at once, so that every executor takes one. */
async function lookAtExecutors(
  client: SparkDoor,
  { lanes, file, node, signal }: Look,
): Promise<ExecutorReport[] | EngineError> {
  const script = [
    'cat > /dev/null',
    `told=$(${shellWord(node)} -p ${shellWord(FACTS)} 2>&1)`,
    'status=$?',
    `found=$(ls -d ${file} */${file} 2> /dev/null | wc -l)`,
    `printf '%s\\t%s\\t%s\\t%s\\t%s\\t%s\\n' "$HOSTNAME" "$PWD" "$BASH_VERSION" "$found" "$status" "$(printf %s "$told" | tr '\\n\\t' '  ' | cut -c 1-500)"`,
  ].join('; ');
  const columns = 'host STRING, directory STRING, bash STRING, found INT, status INT, told STRING';
  const query =
    `SELECT TRANSFORM(id) ${FORMAT} USING ${sqlText(script)} AS (${columns}) ${FORMAT} ` +
    `FROM range(0, ${lanes}, 1, ${lanes})`;
  try {
    const executors = new Map(
      (await client.sql(query, { signal })).map((cells) => {
        const [host = '', directory = '', bash = '', found, status, told = ''] = cells.map(String);
        const facts = { bash, ...nodeFacts(Number(status), told), hasFiles: Number(found) > 0 };
        return [`${host} ${directory}`, { host, directory, ...facts }];
      }),
    );
    return [...executors].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, executor]) => executor);
  } catch (error) {
    // Over spark-sql an error has no status.
    if (error instanceof EngineError && (error.status === 'INTERNAL' || shellError(error) !== undefined)) {
      return error;
    }
    throw error;
  }
}

/** What Java says of a shell that it cannot start. */
function shellError({ message, chain }: EngineError): string | undefined {
  return /Cannot run program "\/bin\/bash"[^\n]*/.exec([...chain, message].join('\n'))?.[0];
}

function inWords(error: EngineError): string {
  const said = shellError(error);
  return said === undefined
    ? `The executors could not be looked at: ${error.message}`
    : `The executors run no program: install /bin/bash there, by which Spark starts them (${said})`;
}

type NodeFacts = Pick<ExecutorReport, 'node' | 'nodePath' | 'arch' | 'nodeError'>;

function nodeFacts(status: number, told: string): NodeFacts {
  const none = { node: undefined, nodePath: undefined, arch: undefined };
  if (status !== 0) return { ...none, nodeError: `${told.trim()} (exit code ${status})` };
  try {
    // Node's own warnings come before what it prints.
    const facts = JSON.parse(told.slice(told.indexOf('{"node"'))) as Omit<NodeFacts, 'nodeError'>;
    return { ...facts, nodeError: undefined };
  } catch {
    return { ...none, nodeError: `it is no Node.js: ${told.trim()}` };
  }
}

function problemsOf({ host, node, nodeError, hasFiles }: ExecutorReport, program: string): string[] {
  const problems: string[] = [];
  if (node === undefined) {
    problems.push(
      `"${program}" does not run on ${host}: install Node.js ${OLDEST_NODE} or newer there, or say where it is (${nodeError ?? ''})`,
    );
  } else {
    const here = process.versions.node;
    const [major, own] = [Number.parseInt(node.slice(1)), Number.parseInt(here)];
    if (major < OLDEST_NODE)
      problems.push(`Node.js ${node} on ${host} is older than ${OLDEST_NODE}: install a newer one there`);
    if (major !== own) {
      problems.push(
        `Node.js is ${node} on ${host}, v${here} here: values cross between equal major versions only`,
      );
    }
  }
  if (!hasFiles) problems.push(`A file of the session did not reach ${host}`);
  return problems;
}

/** Has a program fail, to see what comes back of it. */
async function provokeFailure(
  client: SparkDoor,
  signal: AbortSignal | undefined,
): Promise<Pick<DoctorReport, 'exitCode' | 'stderr'>> {
  // Spark may make its error before it has read a single line; after so many it has read some.
  const script = `cat > /dev/null; yes ${MARK} | head -c 81920 >&2; exit ${EXIT_CODE}`;
  const query = `SELECT TRANSFORM(id) USING ${sqlText(script)} AS (x STRING) FROM range(0, 1, 1, 1)`;
  try {
    await client.sql(query, { signal });
    return { exitCode: false, stderr: false };
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    const text = error.chain.join('\n');
    return { exitCode: text.includes(`status ${EXIT_CODE}`), stderr: text.includes(MARK) };
  }
}

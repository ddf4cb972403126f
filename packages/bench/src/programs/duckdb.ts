/** The part of `@duckdb/node-api` that is used here: it is installed apart, so its types are not at hand. */
interface Duckdb {
  readonly DuckDBInstance: {
    create(path: string, options: Record<string, string>): Promise<{ connect(): Promise<Connection> }>;
  };
}

interface Connection {
  runAndReadAll(sql: string): Promise<{ getRowObjectsJS(): Record<string, unknown>[] }>;
}

/** The rows of a query by a new DuckDB with two threads. */
export async function query<Row>(url: string, sql: string): Promise<Row[]> {
  const { DuckDBInstance } = (await import(url)) as Duckdb;
  const instance = await DuckDBInstance.create(':memory:', { threads: '2' });
  const connection = await instance.connect();
  return (await connection.runAndReadAll(sql)).getRowObjectsJS() as Row[];
}

/** A text as SQL writes it. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

import { timed } from '../../measure/report.js';
import { verdict, type Summary } from './verdict.js';

const [, , url = '', path = ''] = process.argv;

/** The part of `nodejs-polars` that is used here: it is installed apart, so its types are not at hand. */
interface Polars {
  readonly Utf8: unknown;
  readonly Float64: unknown;
  scanCSV(path: string, options: object): LazyFrame;
  col(name: string): Column;
}

interface LazyFrame {
  groupBy(column: string): { agg(...columns: Column[]): LazyFrame };
  collect(): Promise<{ toRecords(): (Summary & { readonly station: string })[] }>;
}

type Column = { alias(name: string): Column } & Record<'min' | 'max' | 'sum' | 'count', () => Column>;

await timed(async () => {
  const { default: polars } = (await import(url)) as { readonly default: Polars };
  const schema = { station: polars.Utf8, t: polars.Float64 };
  const figures = (['min', 'max', 'sum', 'count'] as const).map((figure) =>
    polars.col('t')[figure]().alias(figure),
  );
  const found = await polars
    .scanCSV(path, { hasHeader: false, sep: ';', schema })
    .groupBy('station')
    .agg(...figures)
    .collect();
  return verdict(
    found.toRecords().map(({ station, ...summary }) => [station, summary]),
    10,
  );
});

import { OptionError } from '@forkfold/core';
import type { Source, UncutPlan, WireFunction } from '@forkfold/core/engine';
import { LINES } from '../runner/spark-lines.js';

/** A source of text that only Spark can read, as its stage has it. */
export interface SparkText {
  readonly stage: number;
  readonly branch: number;
  /** Such as `s3a://bucket/logs/*.txt`. */
  readonly paths: readonly string[];
}

/** `file:` URLs are this machine's business. */
const ELSEWHERE = /^(?!file:)[a-z][a-z0-9+.-]+:\/\//i;

/** Spark cuts the text into no more chunks than this, of 128 MB each, unless it is told otherwise. */
const MOST_SPLITS = 2 ** 14;

/** A plan whose text of other file systems is left to Spark's own reader. */
export function withSparkText(plan: UncutPlan): {
  readonly plan: UncutPlan;
  readonly texts: readonly SparkText[];
} {
  const texts: SparkText[] = [];
  const functions: WireFunction[] = [...plan.functions];
  const sources = plan.sources.map((ofStage, stage) =>
    ofStage.map((source, branch) => {
      const paths = source?.paths?.filter((path) => ELSEWHERE.test(path)) ?? [];
      if (source === undefined || paths.length === 0) return source;
      check(source, paths);
      const { from } = plan.stages[stage]!.branches[branch]!;
      if ('reader' in from) {
        functions[from.reader] = { kind: 'module', verb: source.name, module: LINES, name: 'lines' };
      }
      texts.push({ stage, branch, paths });
      return { ...source, cut: () => ({ chunks: [], count: MOST_SPLITS, bytes: undefined }) };
    }),
  );
  return { plan: { ...plan, functions, sources }, texts };
}

function check({ name, paths = [], identity }: Source, elsewhere: readonly string[]): void {
  const encoding = (identity as { readonly of?: unknown } | null)?.of;
  const reason =
    name !== 'textLines'
      ? `${name} reads files of a disk: map the lines of textLines, which Spark's reader gives`
      : encoding !== 'utf-8'
        ? "Spark's reader reads UTF-8 only"
        : elsewhere.length < paths.length
          ? 'its other paths are of a disk: make two datasets, and union them'
          : undefined;
  if (reason === undefined) return;
  throw new OptionError(`${name} cannot read ${elsewhere[0]!} on Spark: ${reason}`, 'paths');
}

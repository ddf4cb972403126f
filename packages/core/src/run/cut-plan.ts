import { traitsOf, type Op } from '../plan/verbs.js';
import type { CompiledPlan, WireStage } from '../plan/compiled-plan.js';
import type { UncutPlan } from '../plan/compile.js';
import type { ChunkOptions, Cut } from '../source/source.js';

/** A plan whose sources are cut: all that its tasks depend on is known, as far as it can be before they run. */
export interface CutPlan extends AsyncDisposable {
  readonly plan: CompiledPlan;
  readonly stages: readonly CutStage[];
  /** Returns the sources that are open and were not pulled to their end. Never rejects. */
  [Symbol.asyncDispose](): Promise<void>;
}

export interface CutStage {
  readonly number: number;
  readonly isLast: boolean;
  readonly wire: WireStage;
  /** For each branch the chunks of its source, unless it reads a shuffle. */
  readonly cuts: readonly (Cut | undefined)[];
  /** Number of its chunks, where it is known; buckets of a shuffle are chunks whether anything is in them or not. */
  readonly count: number | undefined;
  /** About how many records a chunk has, where that is known. */
  readonly chunkRecords: number | undefined;
  /** How many bytes of files a chunk has on average; undefined where that is not known, or where a branch reads no files. */
  readonly chunkBytes: number | undefined;
}

export interface CutOptions extends ChunkOptions {
  readonly partitions?: number | undefined;
}

/** What is known of a stage before it runs. */
interface Size {
  /** Size of the input that its records come from, in bytes, where it is known. */
  readonly bytes: number | undefined;
  /** Whether there may be many more records than the input has. */
  readonly mayExpand: boolean;
}

/**
 * Cuts the sources of a plan, and chooses how many buckets its shuffles have: by the plan, its input and the options alone,
 * never by what the tasks turn out to give. So results come in the same order, and round in the same way, everywhere.
 *
 * @throws SourceError for input that is not there.
 */
export async function cutPlan({ sources, ...plan }: UncutPlan, options: CutOptions): Promise<CutPlan> {
  const cuts: (Cut | undefined)[][] = [];
  const close = async (): Promise<void> => {
    for (const cut of cuts.flat()) await cut?.close?.().catch(() => undefined);
  };
  try {
    for (const [stage, ofStage] of sources.entries()) {
      const own: (Cut | undefined)[] = [];
      cuts.push(own);
      for (const [branch, source] of ofStage.entries()) {
        const unit = unitOf(plan.stages[stage]!.branches[branch]!.ops);
        own.push(await source?.cut(unit === undefined ? options : { ...options, unit }));
      }
    }
  } catch (error) {
    await close();
    throw error;
  }
  const sizes: Size[] = [];
  const partitions: number[] = [];
  const stages = plan.stages.map((stage, number): CutStage => {
    const own = cuts[number]!;
    const size = sizeOf(stage, own, sizes);
    sizes.push(size);
    const { sink } = stage;
    const buckets = fixedRanges(stage) ?? options.partitions ?? partitionCount(stage, size);
    partitions.push(buckets);
    const wire = sink.kind === 'shuffle' ? { ...stage, sink: { ...sink, partitions: buckets } } : stage;
    const counts = stage.branches.map(({ from }, i) =>
      'shuffle' in from ? partitions[from.stage]! : own[i]!.count,
    );
    const isLast = number === plan.stages.length - 1;
    const chunkRecords = Math.min(...own.map((cut) => cut?.chunkRecords ?? Infinity));
    const count = total(counts);
    return { number, isLast, wire, cuts: own, count, chunkRecords, chunkBytes: bytesOfFiles(own, count) };
  });
  return {
    plan: { ...plan, stages: stages.map(({ wire }) => wire) },
    stages,
    [Symbol.asyncDispose]: close,
  };
}

/** How many records the first verb takes together that takes so many, unless others make many of one before. */
function unitOf(ops: readonly Op<number>[]): number | undefined {
  const [first] = ops.filter(({ verb }) => traitsOf(verb).gives !== 'one');
  return first?.verb === 'mapPartitions' ? first.unit : undefined;
}

function bytesOfFiles(cuts: readonly (Cut | undefined)[], count: number | undefined): number | undefined {
  const bytes = total(cuts.map((cut) => (cut?.chunkRecords === undefined ? cut?.bytes : undefined)));
  return bytes === undefined || !count ? undefined : bytes / count;
}

function sizeOf({ branches }: WireStage, cuts: readonly (Cut | undefined)[], before: readonly Size[]): Size {
  const inputs = branches.map(({ from, ops }, i): Size => {
    const input = 'shuffle' in from ? before[from.stage]! : { bytes: cuts[i]!.bytes, mayExpand: false };
    const mayExpand = input.mayExpand || ops.some(({ verb }) => traitsOf(verb).gives === 'many');
    return { bytes: input.bytes, mayExpand };
  });
  return {
    bytes: total(inputs.map(({ bytes }) => bytes)),
    mayExpand: inputs.some((input) => input.mayExpand),
  };
}

/** As many buckets as this have 2 MiB of the input each; where there are more, each has more: up to 8 MiB. */
const SMALL_BUCKETS = 32;

/** How many ranges a sort is to have, where that is no matter of size. */
function fixedRanges({ sink }: WireStage): number | undefined {
  return sink.kind === 'shuffle' && sink.shuffle.kind === 'sort' ? sink.shuffle.ranges : undefined;
}

/** Buckets of a shuffle. */
function partitionCount({ sink }: WireStage, { bytes, mayExpand }: Size): number {
  const least = mayExpand || bytes === undefined ? 16 : 1;
  const small = Math.ceil((bytes ?? 0) / 2 ** 21);
  // A range of a sort is merged as it is read and need not fit in memory; many ranges would read most blocks twice.
  if (sink.kind === 'shuffle' && sink.shuffle.kind === 'sort') {
    return Math.ceil(Math.min(256, Math.max(least, small)) / 4);
  }
  return Math.min(256, Math.max(least, Math.min(SMALL_BUCKETS, small), Math.ceil((bytes ?? 0) / 2 ** 23)));
}

function total(numbers: readonly (number | undefined)[]): number | undefined {
  return numbers.reduce((sum, n) => (sum === undefined || n === undefined ? undefined : sum + n), 0);
}

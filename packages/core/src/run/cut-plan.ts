import { traitsOf, type Op } from '../plan/verbs.js';
import type { CompiledPlan, PassStage, WireStage } from '../plan/compiled-plan.js';
import type { UncutPlan } from '../plan/compile.js';
import type { ChunkOptions, Cut } from '../source/source.js';
import { patiently } from './patiently.js';

/** Milliseconds in which sources may close that nothing is read from any more. */
const CLOSE_GRACE = 500;

/** A plan whose sources are cut: all that its tasks depend on is known, as far as it can be before they run. */
export interface CutPlan extends AsyncDisposable {
  readonly plan: CompiledPlan;
  readonly stages: readonly CutStage[];
  /** The stages as they are run: several in one pass where they have the same input. */
  readonly passes: readonly CutPass[];
  /** The stages that give the results. */
  readonly ends: readonly CutStage[];
  /** Returns the sources that are open and were not pulled to their end. Never rejects. */
  [Symbol.asyncDispose](): Promise<void>;
}

/** Stages that are run in one pass, in their order; nearly always one. */
export interface CutPass {
  readonly stages: readonly CutStage[];
  /** What is a stage's own: nothing, where it is alone. */
  readonly shared?: readonly PassStage[];
}

export interface CutStage {
  readonly number: number;
  /** Whether it gives a result. */
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
export async function cutPlan(
  { sources, results, ...plan }: UncutPlan,
  options: CutOptions,
): Promise<CutPlan> {
  const cuts: (Cut | undefined)[][] = [];
  const close = async (): Promise<void> => {
    const open = [...new Set(cuts.flat())].filter((cut) => cut?.close !== undefined);
    if (open.length === 0) return;
    await patiently(Promise.allSettled(open.map(async (cut) => cut!.close!())), CLOSE_GRACE);
  };
  try {
    for (const [stage, ofStage] of sources.entries()) {
      const pass = passOf(plan, stage);
      const [first] = pass;
      if (first !== undefined && first < stage) {
        // What stages of one pass read is cut once.
        cuts.push(cuts[first]!);
        continue;
      }
      const own: (Cut | undefined)[] = [];
      cuts.push(own);
      for (const [branch, source] of ofStage.entries()) {
        const unit = unitOf(plan, pass.length === 0 ? [stage] : pass, branch);
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
    const isLast = results?.includes(number) ?? number === plan.stages.length - 1;
    const chunkRecords = Math.min(...own.map((cut) => cut?.chunkRecords ?? Infinity));
    const count = total(counts);
    return { number, isLast, wire, cuts: own, count, chunkRecords, chunkBytes: bytesOfFiles(own, count) };
  });
  return {
    plan: { ...plan, stages: stages.map(({ wire }) => wire) },
    stages,
    passes: passesOf(stages, plan),
    ends: results?.map((number) => stages[number]!) ?? stages.slice(-1),
    [Symbol.asyncDispose]: close,
  };
}

/** The stages of the pass that a stage is run in; none where it has one of its own. */
function passOf({ passes = [] }: CompiledPlan, stage: number): number[] {
  const pass = passes.find((stages) => stages.some((one) => one.stage === stage));
  return pass?.map((one) => one.stage) ?? [];
}

function passesOf(stages: readonly CutStage[], { passes = [] }: CompiledPlan): CutPass[] {
  const all: CutPass[] = [];
  for (const stage of stages) {
    const shared = passes.find((pass) => pass.some((one) => one.stage === stage.number));
    if (shared === undefined) all.push({ stages: [stage] });
    else if (shared[0]!.stage === stage.number) {
      all.push({ stages: shared.map((one) => stages[one.stage]!), shared });
    }
  }
  return all;
}

/** How many records are taken together by verbs of these stages: such a number that is whole for all of them. */
function unitOf({ stages }: CompiledPlan, numbers: readonly number[], branch: number): number | undefined {
  const units = numbers.flatMap((stage) => unitOfVerbs(stages[stage]!.branches[branch]!.ops) ?? []);
  return units.length === 0 ? undefined : units.reduce((a, b) => (a / greatestDivisor(a, b)) * b);
}

function greatestDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestDivisor(b, a % b);
}

/** How many records the first verb takes together that takes so many, unless others make many of one before. */
function unitOfVerbs(ops: readonly Op<number>[]): number | undefined {
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

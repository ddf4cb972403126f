import { inspect } from 'node:util';
import { checkOptions } from '../options/check-options.js';
import type { RunOptions } from '../options/run-options.js';
import { shuffleMemory, type Settings } from '../options/settings.js';
import type { Action } from '../plan/action.js';
import type { UncutPlan } from '../plan/compile.js';
import type { WireBranch } from '../plan/compiled-plan.js';
import { functionName, functionsOf, jobKey, moduleName, sourceInWords } from '../plan/function-names.js';
import { verbOf, type Node } from '../plan/node.js';
import { traitsOf, type Op } from '../plan/verbs.js';
import type { Cut, Source } from '../source/source.js';
import { decode } from '../values/codec.js';
import { compiled, compiledTogether } from './compiled.js';
import { cutPlan, type CutPass, type CutPlan, type CutStage } from './cut-plan.js';
import type { ExplainedInput, ExplainedStage, Explanation } from './explanation.js';
import { counted, explanationText } from './explanation-text.js';
import type { NamedPlan } from './named-plan.js';
import { fixedSpan } from './tasks.js';

/** Explains a plan: its files are looked for and their sizes are asked; nothing is read, no function is called. */
export async function explainPlan(node: Node, action: Action, options: RunOptions): Promise<Explanation> {
  return explained(compiled({ node, action }), functionsOf(node), options);
}

/** Explains several plans that are run together. */
export async function explainTogether(
  plans: Readonly<Record<string, NamedPlan>>,
  options: RunOptions,
): Promise<Explanation> {
  const names = Object.values(plans).flatMap(({ node }) => [...functionsOf(node)]);
  return explained(compiledTogether(plans), new Map(names), options);
}

async function explained(
  plan: UncutPlan,
  ofJobs: ReadonlyMap<string, string>,
  options: RunOptions,
): Promise<Explanation> {
  const settings = checkOptions(options);
  const sources = plan.sources.map((ofStage) => ofStage.map((source) => source && unpulled(source)));
  await using cut = await cutPlan({ ...plan, sources }, settings);
  const names = namesOf(plan, ofJobs);
  const stages = cut.passes.flatMap((pass) =>
    pass.stages.map((stage) => stageOf(stage, pass, { plan, names, settings })),
  );
  const isPulled = plan.sources.flat().some((source) => source !== undefined && mustBePulled(source));
  const data = {
    stages,
    processes: settings.pool?.size ?? settings.processes,
    engines: isPulled ? ['local'] : ['local', 'spark'],
    checkpoint: checkpointOf(cut),
  };
  const text = explanationText(data);
  return Object.defineProperties(data, {
    toString: { value: () => text },
    [inspect.custom]: { value: () => text },
  });
}

interface Explaining {
  readonly plan: UncutPlan;
  readonly names: readonly string[];
  readonly settings: Settings;
}

function stageOf(
  stage: CutStage,
  { stages: [host] }: CutPass,
  { plan, names, settings }: Explaining,
): ExplainedStage {
  const { number, wire, count: chunks, cuts } = stage;
  const { sink } = wire;
  const bytes = cuts.every((cut) => cut === undefined || cut.bytes !== undefined)
    ? cuts.reduce((sum, cut) => sum + (cut?.bytes ?? 0), 0)
    : undefined;
  const span = sink.kind === 'shuffle' || sink.kind === 'write' ? fixedSpan(stage, 0) : 1;
  return {
    inputs: wire.branches.map((branch, i) => inputOf(branch, plan.sources[number]![i], names)),
    sink: sinkInWords(sink, names),
    ...(wire.plans && { plans: wire.plans }),
    ...(host !== stage && { beside: host!.number }),
    chunks,
    tasks: chunks === undefined ? undefined : Math.ceil(chunks / span),
    bytes,
    ...(sink.kind === 'shuffle' && { buckets: sink.partitions }),
    spills: spillsOf(stage, settings),
  };
}

function sinkInWords(sink: CutStage['wire']['sink'], names: readonly string[]): string {
  const by = sink.kind === 'write' && sink.partitionedBy !== undefined ? ` by ${sink.partitionedBy}` : '';
  if (sink.kind === 'collect' && sink.limit !== undefined) return `collect(first ${sink.limit})`;
  const of = sink.kind === 'shuffle' ? sink.shuffle : sink;
  const fn = 'fn' in of ? of.fn : undefined;
  return `${verbOf(sink)}${fn === undefined ? '' : `(${names[fn]!})`}${by}`;
}

function inputOf(
  { from, ops }: WireBranch,
  source: Source | undefined,
  names: readonly string[],
): ExplainedInput {
  const verbs = ops.filter(({ verb }) => !traitsOf(verb).isHidden).map((op) => verbInWords(op, names));
  if ('shuffle' in from) return { from: from.shuffle.verb, stage: from.stage, verbs };
  return { from: sourceInWords(from.source, source?.paths), verbs };
}

function verbInWords(op: Op<number>, names: readonly string[]): string {
  if ('side' in op) {
    const { verb, side, records } = op;
    return `${verb}(no shuffle: the ${side} side is a list of ${counted(records, 'record')} in memory)`;
  }
  return 'fn' in op ? `${op.verb}(${names[op.fn]!})` : op.verb;
}

function spillsOf({ wire: { sink } }: CutStage, settings: Settings): string {
  const mebibytes = Math.round((shuffleMemory(settings) / 2 ** 20) * 10) / 10;
  if (sink.kind === 'shuffle')
    return `tables of a task over ${mebibytes} MiB go to files in ${settings.tmpDir}`;
  if (sink.kind === 'collect') return `records of a task over 4 MiB go to files in ${settings.tmpDir}`;
  return sink.kind === 'write' ? 'parts are written in place' : 'nothing';
}

function checkpointOf({ stages, passes }: CutPlan): string {
  const total = passes.reduce<number | undefined>(
    (sum, { stages: [{ count } = { count: 0 }] }) =>
      sum === undefined || count === undefined ? undefined : sum + count,
    0,
  );
  const keyed = stages.filter(({ wire }) => wire.sink.kind === 'shuffle').length;
  const chunks = total === undefined ? 'each finished chunk' : `each of ${total} finished chunks`;
  return `the result of ${chunks}${keyed > 0 ? `, with the buckets of ${keyed} keyed verb${keyed > 1 ? 's' : ''}` : ''}`;
}

/** Whether its records are known only once they were pulled, in this process. */
function mustBePulled({ count }: Source): boolean {
  return count !== undefined && count() === undefined;
}

const unknownCut: Cut = { chunks: [], count: undefined, bytes: undefined };

/** To look at what must be pulled would take what it gives. */
function unpulled(source: Source): Source {
  return mustBePulled(source) ? { ...source, cut: () => unknownCut } : source;
}

/** What the functions of a plan are called, by their numbers. */
function namesOf({ functions, calls }: UncutPlan, ofJobs: ReadonlyMap<string, string>): string[] {
  const names: string[] = [];
  for (const fn of functions) {
    if (fn.kind === 'job') {
      names.push(ofJobs.get(jobKey(calls[fn.call]!, fn.index)) ?? 'a function of the job');
    } else if (fn.kind === 'module') {
      // An argument has its name before the function that it is given to.
      const given = fn.arguments?.map((one) =>
        'value' in one ? decode(one.value) : { name: names[one.fn]! },
      );
      names.push(moduleName(fn.name, given));
    } else names.push(functionName(fn));
  }
  return names;
}

import { OptionError } from '../errors.js';
import type { Source } from '../source/source.js';
import type { CompiledPlan, PassStage, WireInput, WireStage } from './compiled-plan.js';
import type { PlanFunction } from './function-ref.js';
import { functionTable, withIndex } from './function-table.js';
import type { Node, Sink } from './node.js';
import type { Op } from './verbs.js';

/** A plan whose input is not cut yet. */
export interface UncutPlan extends CompiledPlan {
  /** For each stage, for each of its branches: the source, unless it reads a shuffle. */
  readonly sources: readonly (readonly (Source | undefined)[])[];
  /** The stages that give the results, where there are several. @default the last one */
  readonly results?: readonly number[];
}

/** Where records end: a dataset, and what becomes of it. */
export interface PlanEnd {
  readonly node: Node;
  readonly sink: Sink<PlanFunction>;
}

/**
 * Compiles a description to stages, in the order in which they run. Narrow verbs fuse into one pass; a keyed verb cuts
 * a stage. A dataset that is used twice is shuffled once.
 */
export function compile(node: Node, sink: Sink<PlanFunction>): UncutPlan {
  const compiler = new Compiler();
  compiler.stageOf({ inputs: [node], sink });
  return compiler.plan();
}

/**
 * Compiles several descriptions to one. Stages that go over the same input are run in one pass; each is the stage that its
 * description would have alone, with the same number of buckets, so results are the same to the bit.
 *
 * @throws OptionError where they have no beginning in common.
 */
export function compileTogether(ends: Readonly<Record<string, PlanEnd>>): UncutPlan {
  const compiler = new Compiler();
  const all = Object.values(ends).map(({ node, sink }): Consumer => ({ inputs: [node], sink }));
  compiler.share(all);
  const results = all.map((consumer) => compiler.stageOf(consumer));
  const plan = compiler.plan();
  const names = Object.keys(ends);
  const needed = results.map((stage) => passesBefore(plan, stage));
  if (![...(needed[0] ?? [])].some((pass) => needed.every((passes) => passes.has(pass)))) {
    throw new OptionError(
      `The plans of together, ${names.join(', ')}, have no beginning that is read once: name the dataset that they begin with, as in ` +
        "const rows = csv('in.csv'), and make every plan of it (each side of a join or a union is read by itself)",
      'plans',
    );
  }
  const stages = plan.stages.map((stage, number) => {
    const plans = names.filter((_, i) => stagesBefore(plan, results[i]!).has(number));
    return plans.length === names.length ? stage : { ...stage, plans };
  });
  return { ...plan, stages, results };
}

/** The numbers of a stage and of all that it depends on. */
function stagesBefore({ stages }: CompiledPlan, stage: number): Set<number> {
  const found = new Set<number>();
  const rest = [stage];
  for (let next = rest.pop(); next !== undefined; next = rest.pop()) {
    if (found.has(next)) continue;
    found.add(next);
    for (const { from } of stages[next]!.branches) if ('stage' in from) rest.push(from.stage);
  }
  return found;
}

/** The passes that a stage depends on, each by its first stage. */
function passesBefore(plan: CompiledPlan, stage: number): Set<number> {
  const pass = (number: number): number =>
    plan.passes?.find((stages) => stages.some((one) => one.stage === number))?.[0]!.stage ?? number;
  return new Set([...stagesBefore(plan, stage)].map(pass));
}

interface Branch {
  readonly source: Source | undefined;
  readonly from: WireInput;
  readonly ops: readonly Op<number>[];
  readonly tag: number;
}

/** What becomes a stage: an end of a plan, or the map side of a keyed verb. */
interface Consumer {
  readonly inputs: readonly Node[];
  readonly sink: Sink<PlanFunction>;
  readonly of?: Node;
}

class Compiler {
  readonly #stages: WireStage[] = [];
  readonly #sources: (Source | undefined)[][] = [];
  readonly #passes: PassStage[][] = [];
  readonly #table = functionTable();
  readonly #numbers = new Map<Consumer, number>();
  readonly #shuffles = new Map<Node, Consumer>();
  /** The consumers that go over the same input. */
  readonly #groups = new Map<Consumer, readonly Consumer[]>();

  /** Notes which consumers go over the same input. */
  share(ends: readonly Consumer[]): void {
    const byBase = new Map<Node, Consumer[]>();
    const seen = new Set<Consumer>();
    const rest = [...ends].reverse();
    for (let next = rest.pop(); next !== undefined; next = rest.pop()) {
      if (seen.has(next)) continue;
      seen.add(next);
      rest.push(
        ...next.inputs
          .flatMap((input) => shufflesIn(input))
          .map((of) => this.#shuffle(of))
          .reverse(),
      );
      const [input, other] = next.inputs;
      if (other !== undefined) continue;
      const { base } = baseOf(input!);
      byBase.set(base, [...(byBase.get(base) ?? []), next]);
    }
    for (const group of byBase.values()) {
      if (group.length > 1) for (const one of group) this.#groups.set(one, group);
    }
  }

  /** The number of a consumer's stage, which is made after those that it depends on. */
  stageOf(consumer: Consumer): number {
    const known = this.#numbers.get(consumer);
    if (known !== undefined) return known;
    const group = this.#groups.get(consumer) ?? [consumer];
    const made = group.map(({ inputs, sink }) => ({
      sink: this.#indexed(sink),
      branches: inputs.flatMap((input, tag) => this.#branches(input, [], tag)),
    }));
    const first = this.#stages.length;
    for (const [i, { branches, sink }] of made.entries()) {
      this.#numbers.set(group[i]!, first + i);
      this.#sources.push(branches.map(({ source }) => source));
      this.#stages.push({ branches: branches.map(({ from, ops, tag }) => ({ from, ops, tag })), sink });
    }
    if (group.length > 1) {
      this.#passes.push(group.map(({ inputs }, i) => ({ stage: first + i, own: baseOf(inputs[0]!).own })));
    }
    return this.#numbers.get(consumer)!;
  }

  plan(): UncutPlan {
    const { calls, functions } = this.#table;
    const passes = this.#passes.length === 0 ? {} : { passes: this.#passes };
    return { calls, functions, stages: this.#stages, sources: this.#sources, ...passes };
  }

  #branches(of: Node, ops: readonly Op<number>[], tag: number): Branch[] {
    const { indexOf } = this.#table;
    switch (of.kind) {
      case 'source': {
        const { source, reader } = of;
        return [{ source, from: { source: source.name, reader: indexOf(reader) }, ops, tag }];
      }
      case 'narrow':
        return this.#branches(of.input, [withIndex(of.op, indexOf), ...ops], tag);
      case 'union':
        return of.inputs.flatMap((input) => this.#branches(input, ops, tag));
      case 'shuffle': {
        const shuffle = withIndex(of.shuffle, indexOf);
        const stage = this.stageOf(this.#shuffle(of));
        return [{ source: undefined, from: { stage, shuffle }, ops, tag }];
      }
    }
  }

  #indexed(sink: Sink<PlanFunction>): Sink<number> {
    const { indexOf } = this.#table;
    return sink.kind === 'shuffle'
      ? { ...sink, shuffle: withIndex(sink.shuffle, indexOf) }
      : withIndex(sink, indexOf);
  }

  #shuffle(of: Node & { readonly kind: 'shuffle' }): Consumer {
    const known = this.#shuffles.get(of);
    const made = known ?? {
      inputs: of.inputs,
      sink: { kind: 'shuffle', shuffle: of.shuffle, partitions: 0 },
      of,
    };
    this.#shuffles.set(of, made);
    return made;
  }
}

/** What a chain of narrow verbs begins with, and how many they are. */
function baseOf(node: Node): { readonly base: Node; readonly own: number } {
  let [base, own] = [node, 0];
  while (base.kind === 'narrow') [base, own] = [base.input, own + 1];
  return { base, own };
}

/** The keyed verbs that a stage of this node reads. */
function shufflesIn(node: Node): (Node & { readonly kind: 'shuffle' })[] {
  const { base } = baseOf(node);
  if (base.kind === 'union') return base.inputs.flatMap(shufflesIn);
  return base.kind === 'shuffle' ? [base] : [];
}

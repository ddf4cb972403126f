/**
 * How a run flows:
 *
 *   parent                                                    | child process (one task at a time)
 *   source -> chunks -> scheduler -> slot (workerpool) ------>| read chunk -> fused verbs -> fold, or bucket by key
 *   result <- ordered merge <- (buckets -> the next stage) <--| partial result | records | segments of buckets
 *
 * openBooks    who is told of all that happens, and what ends the run early
 * openRun      cuts the plan's input, makes the places on the disk, opens the pool (sooner, where the input is large)
 * resultsOf    where the results of the last stage go: records, a fold, or an output directory
 * endResults   pass by pass: cuts tasks, has them run, keeps what the next stages read
 *
 * A pass is one stage, or those that go over the same input: plans of `together`, which the same run gives the results of.
 * The collector ends first, then the run has succeeded; leaving the block ends children, files and listeners either way.
 */
import { checkOptions } from '../options/check-options.js';
import type { RunOptions } from '../options/run-options.js';
import type { Settings } from '../options/settings.js';
import type { Action } from '../plan/action.js';
import type { UncutPlan } from '../plan/compile.js';
import { sourceNames, type Node } from '../plan/node.js';
import type { EndEvent } from '../report/observer.js';
import { openBooks } from './books.js';
import { wantsPage, withPage } from './load-page.js';
import { compiled, compiledTogether } from './compiled.js';
import type { NamedPlan } from './named-plan.js';
import { openRun } from './open-run.js';
import { recordBlocks } from './result-blocks.js';
import { endResults, resultsOf } from './results.js';

export { explainPlan, explainTogether } from './explain.js';

/** Runs a plan, and gives what its action makes of it. */
export async function runPlan(node: Node, action: Action, options: RunOptions): Promise<unknown> {
  const settings = await settingsOf(options);
  if (settings.engine !== undefined) return settings.engine.run(compiled({ node, action }), action, settings);
  const [value] = await runHere(() => compiled({ node, action }), [action], sourceNames(node), settings);
  return value;
}

/** Runs several plans, and gives what their actions make of them, by their names. What they begin with in common is read once. */
export async function runTogether(
  plans: Readonly<Record<string, NamedPlan>>,
  options: RunOptions,
): Promise<Record<string, unknown>> {
  const settings = await settingsOf(options);
  const [names, all] = [Object.keys(plans), Object.values(plans)];
  const plan = compiledTogether(plans);
  if (settings.engine !== undefined) return runElsewhere(plans, settings.engine, settings);
  const sources = new Set(all.flatMap(({ node }) => [...sourceNames(node)]));
  const actions = all.map(({ action }) => action);
  const values = await runHere(() => plan, actions, sources, settings);
  return Object.fromEntries(names.map((name, i) => [name, values[i]]));
}

/** Checks options, and loads what makes a page of the report where one is wanted. @throws OptionError */
async function settingsOf(options: RunOptions): Promise<Settings> {
  const checked = checkOptions(options);
  return wantsPage(checked) ? withPage(checked) : checked;
}

/** Runs a plan on this machine, and gives what its actions make of it. @param sources The names of its sources. */
async function runHere(
  compile: () => UncutPlan,
  actions: readonly Action[],
  sources: ReadonlySet<string>,
  settings: Settings,
): Promise<unknown[]> {
  const books = await openBooks(sources, settings);
  let end: EndEvent = {};
  try {
    settings.signal?.throwIfAborted();
    await using run = await openRun(compile(), actions, { ...settings, ordered: true }, books);
    return await resultsOf(actions, run);
  } catch (thrown) {
    end = { error: { thrown } };
    throw thrown;
  } finally {
    await books.observer.end(end);
  }
}

/** Another engine runs one plan at a time. */
async function runElsewhere(
  plans: Readonly<Record<string, NamedPlan>>,
  engine: NonNullable<Settings['engine']>,
  settings: Settings,
): Promise<Record<string, unknown>> {
  const values: [string, unknown][] = [];
  for (const [name, { node, action }] of Object.entries(plans)) {
    values.push([name, await engine.run(compiled({ node, action }), action, settings)]);
  }
  return Object.fromEntries(values);
}

/** The records of a dataset as they come, by the block; it ends early, without an error, when `leave` is aborted. */
export async function* streamBlocks(
  node: Node,
  action: Action,
  options: RunOptions,
  leave: AbortSignal,
): AsyncGenerator<readonly unknown[], void, undefined> {
  const settings = await settingsOf(options);
  if (settings.engine !== undefined) {
    const records = settings.engine.stream(compiled({ node, action }), action, leavable(settings, leave));
    try {
      for await (const record of records) yield [record];
    } catch (thrown) {
      if (!hasLeft(thrown, leave)) throw thrown;
    }
    return;
  }
  const books = await openBooks(sourceNames(node), settings, leave);
  let end: EndEvent = {};
  try {
    settings.signal?.throwIfAborted();
    await using run = await openRun(compiled({ node, action }), [action], settings, books);
    for await (const { results } of endResults(run, { window: run.streamWindow })) {
      for (const { value } of results) yield* recordBlocks(value, run.keepsFiles);
    }
    run.succeed();
  } catch (thrown) {
    if (hasLeft(thrown, leave)) return;
    end = { error: { thrown } };
    throw thrown;
  } finally {
    await books.observer.end(end);
  }
}

/** Whether a stream has failed for no other reason than that its consumer has left. */
function hasLeft(thrown: unknown, leave: AbortSignal): boolean {
  return leave.aborted && thrown === leave.reason;
}

/** Options that end a run early where nobody else hears that its consumer leaves. */
function leavable(settings: Settings, leave: AbortSignal): Settings {
  const { signal } = settings;
  return { ...settings, signal: signal === undefined ? leave : AbortSignal.any([signal, leave]) };
}

import { own, portable } from '../module-ref.js';

/** Marks an aggregator as ready-made: `name` of the table of them, or what that makes of the arguments. */
export function readyMade<G extends object>(name: string, aggregator: G, args?: readonly unknown[]): G {
  return portable(aggregator, { module: own.aggregators, name, ...(args && { arguments: args }) });
}

import { asPair } from '../../blame/pairs.js';
import type { Link } from './link.js';

type Entry = readonly [key: unknown, value: unknown];

export const keyBy: Link<'keyBy'> = (_, { next, nextPair, fn, blame, step }) =>
  nextPair === undefined
    ? (record) => {
        blame.step = step;
        next([fn(record), record]);
      }
    : (record) => {
        blame.step = step;
        nextPair(fn(record), record);
      };

export const mapValues: Link<'mapValues'> =
  (_, { next, fn, blame, step }) =>
  (record) => {
    blame.step = step;
    const [key, value] = asPair(record, blame);
    next([key, fn(value)]);
  };

export const mapReduceReduce: Link<'mapReduce.reduce'> =
  ({ combined }, { next, fn, blame, step }) =>
  (record) => {
    blame.step = step;
    const [key, values] = record as Entry;
    next([key, fn(key, combined ? [values] : values)]);
  };

export const finish: Link<'aggregateByKey.finish'> = ({ fn }, { next, functions, blame, step }) => {
  const aggregator = functions.aggregator(fn);
  return (record) => {
    blame.step = step;
    const [key, value] = record as Entry;
    next(aggregator.finish ? [key, aggregator.finish(value)] : record);
  };
};

export const values: Link<'values'> =
  (_, { next }) =>
  (record) =>
    next((record as Entry)[1]);

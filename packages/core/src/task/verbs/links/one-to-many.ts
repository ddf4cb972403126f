import { joinGroups, type CoGroup } from '../join-groups.js';
import type { Joint, Link } from './link.js';
import type { Push } from '../walk.js';

export const flatMap: Link<'flatMap'> = (_, joint) => manyOf(joint);

export const mapReduceMap: Link<'mapReduce.map'> = (_, joint) => manyOf(joint);

function manyOf({ next, fn, blame, step, room }: Joint): Push {
  const isBounded = room.isBounded !== false;
  return (record) => {
    blame.step = step;
    for (const made of fn(record) as Iterable<unknown>) {
      next(made);
      if (isBounded && room.isFull) return;
      blame.step = step;
    }
  };
}

export const join: Link<'join'> =
  (op, { next, room }) =>
  (record) =>
    joinGroups(record as CoGroup, op, next, room);

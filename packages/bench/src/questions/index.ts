import { distinct } from './distinct.js';
import { empty } from './empty.js';
import { factorial, factorialList } from './factorial.js';
import { flights } from './flights.js';
import { generator } from './generator.js';
import { join } from './join.js';
import { manyFiles } from './many-files.js';
import { measurements } from './measurements.js';
import { memory } from './memory.js';
import { purchases } from './purchases.js';
import type { Question } from './question.js';
import { range } from './range.js';
import { sales } from './sales.js';
import { smallFiles } from './small-files.js';
import { sort } from './sort.js';
import { warmIntegers, warmObjects } from './warm-lists.js';
import { runsAtOnce, warmKeyed, warmRecord } from './warm-runs.js';
import { wordCount } from './word-count.js';

/** Every question, by the name that it is asked by. */
export const questions: Readonly<Record<string, Question>> = {
  '1brc': measurements,
  'word-count': wordCount,
  'json-lines': purchases,
  flights,
  'wide-csv': sales,
  sort,
  distinct,
  join,
  generator,
  range,
  'warm-integers': warmIntegers,
  'warm-objects': warmObjects,
  'factorial-list': factorialList,
  factorial,
  'many-files': manyFiles,
  'small-files': smallFiles,
  empty,
  memory,
  'warm-record': warmRecord,
  'warm-keyed': warmKeyed,
  'runs-at-once': runsAtOnce,
};

import { expect, it, jest } from '@jest/globals';
import { rowMaker } from '../../../src/source/csv/row-maker.js';
import type { RowColumn } from '../../../src/source/csv/row-steps.js';
import { Scanner } from '../../../src/source/csv/scanner.js';
import { formatOf } from './formats.js';

const columns: readonly RowColumn[] = [
  { name: 'n', type: 'number', field: 3 },
  { name: '__proto__', type: 'string', field: 0 },
  { name: 'at', type: 'date', field: 4 },
];
const text = Buffer.from('x,skipped,"too",1.5,2024-05-01\ny,,,2,2024-05-02\n');

function rows(): object[] {
  const scanner = new Scanner(formatOf(), ',', ['a', 'b', 'c', 'd', 'e']);
  const make = rowMaker(columns, 5);
  scanner.open(text, 0);
  return [make(scanner), make(scanner)];
}

it('makes the same rows where no code may be made from text', () => {
  const usual = rows();
  const { Function: Original } = globalThis;
  const refused = jest.fn(() => {
    throw new EvalError('Code generation from strings disallowed for this context');
  });
  globalThis.Function = refused;
  let other: object[];
  try {
    other = rows();
  } finally {
    globalThis.Function = Original;
  }
  expect(refused).toHaveBeenCalledTimes(1);
  expect(other.map(Object.entries)).toEqual(usual.map(Object.entries));
  expect(Object.entries(usual[0]!)).toEqual([
    ['n', 1.5],
    ['__proto__', 'x'],
    ['at', new Date('2024-05-01')],
  ]);
});

/** Types, checked by `npm run check:types`: jest only makes sure that the descriptions can be made. */
import { describe, expect, it } from '@jest/globals';
import { expectTypeOf } from 'expect-type';
import { csv, desc, from, jsonLines, range, textLines, type Dataset } from '@forkfold/core';

interface Sale {
  readonly country: string;
  readonly amount: number;
}

describe('keys', () => {
  const sales: Dataset<Sale> = from([{ country: 'de', amount: 3 }]);

  it('are names of fields, functions, and these in descending order', () => {
    sales.sortBy('country');
    sales.sortBy(desc('amount'));
    sales.sortBy(['country', desc('amount'), (sale) => sale.amount, desc((sale) => sale.amount)]);
    // @ts-expect-error There is no such field.
    sales.sortBy('contry');
    // @ts-expect-error There is no such field.
    sales.sortBy(['country', desc('amuont')]);
    // @ts-expect-error There is no such field.
    sales.sortBy([desc((sale) => sale.price)]);
    // @ts-expect-error A number has no fields.
    range(3).sortBy('n');
    expect(() => sales.sortBy('amount')).not.toThrow();
  });

  it('order the values of a group', () => {
    const pairs = sales.keyBy((sale) => sale.country);
    expectTypeOf(pairs.groupByKey({ sortBy: desc('amount') })).toEqualTypeOf<Dataset<[string, Sale[]]>>();
    expectTypeOf(pairs.groupByKey()).toEqualTypeOf<Dataset<[string, Iterable<Sale>]>>();
    expectTypeOf(sales.zipWithIndex()).toEqualTypeOf<Dataset<[Sale, number]>>();
  });
});

describe('withPath', () => {
  it('makes pairs of records', () => {
    expectTypeOf(textLines('x', { withPath: true })).toEqualTypeOf<Dataset<[path: string, line: string]>>();
    expectTypeOf(textLines('x', { encoding: 'latin1' })).toEqualTypeOf<Dataset<string>>();
    expectTypeOf(jsonLines<Sale>('x', { withPath: true })).toEqualTypeOf<
      Dataset<[path: string, row: Sale]>
    >();
    const rows = csv('x', { columns: { n: 'number' }, withPath: true });
    expectTypeOf(rows).toEqualTypeOf<Dataset<[path: string, row: { n: number }]>>();
    const nulls = csv('x', { columns: ['a'], nulls: [''], withPath: true });
    expectTypeOf(nulls).toEqualTypeOf<Dataset<[path: string, row: { a: string | null }]>>();
    expect(rows).toBeDefined();
  });
});

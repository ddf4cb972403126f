/** Types, checked by `npm run check:types`: jest only makes sure that the descriptions can be made. */
import { describe, expect, it } from '@jest/globals';
import { from, type Dataset } from '@forkfold/core';

interface Sale {
  readonly country: string;
  readonly at: Date;
}

describe('partitionBy', () => {
  const sales: Dataset<Sale> = from([{ country: 'de', at: new Date(0) }]);

  it('takes the names of fields, and functions of the record', () => {
    sales.writeCsv('x', { partitionBy: 'country' });
    sales.writeJsonLines('x', { partitionBy: ['country', 'at'] });
    sales.writeCsv('x', { partitionBy: ({ at }) => ({ year: at.getUTCFullYear() }) });
    from(['a']).writeText('x', { partitionBy: (line) => ({ first: line.slice(0, 1) }) });
    // @ts-expect-error There is no such field.
    sales.writeCsv('x', { partitionBy: 'contry' });
    // @ts-expect-error There is no such field.
    sales.writeCsv('x', { partitionBy: (sale) => ({ year: sale.year }) });
    // @ts-expect-error No directory can be named after a list.
    sales.writeCsv('x', { partitionBy: () => ({ list: [1] }) });
    expect(() => sales.writeCsv('x', { partitionBy: 'at' })).not.toThrow();
  });
});

import { describe, expect, it } from '@jest/globals';
import { moduleRefOf } from '../../src/module-ref.js';
import { partitionedBy, partitionInWords } from '../../src/plan/partition-by.js';
import { partitionName } from '../../src/plan/partition-name.js';

describe('the name of a directory', () => {
  it.each<[unknown, string]>([
    ['de', 'c=de'],
    [5, 'c=5'],
    [-0, 'c=0'],
    [12n, 'c=12'],
    [false, 'c=false'],
    [new Date(0), 'c=1970-01-01T00%3A00%3A00.000Z'],
    [null, 'c=__HIVE_DEFAULT_PARTITION__'],
    [undefined, 'c=__HIVE_DEFAULT_PARTITION__'],
    ['', 'c=__HIVE_DEFAULT_PARTITION__'],
    ['a/b=c', 'c=a%2Fb%3Dc'],
    ['"#%\'*:?\\{[]^\u007f\n\0', 'c=%22%23%25%27%2A%3A%3F%5C%7B%5B%5D%5E%7F%0A%00'],
    ['.. é 東 <|>', 'c=.. é 東 <|>'],
  ])('of %p is %p', (value, name) => {
    expect(partitionName('c', value)).toBe(name);
  });

  it('escapes the name of the column, too', () => {
    expect(partitionName('a/b', 1)).toBe('a%2Fb=1');
  });

  it.each<[unknown, string]>([
    [{}, 'c is {}, after which no directory can be named: give a text, a number'],
    [Symbol('s'), 'c is Symbol(s), after which'],
    [new Date(NaN), 'after which no directory'],
    ['__HIVE_DEFAULT_PARTITION__', "c is '__HIVE_DEFAULT_PARTITION__', which stands for no value"],
    ['\ud800', 'c holds a lone surrogate'],
    ['é'.repeat(127), "a directory's name has at most 255 bytes"],
  ])('is refused of %p', (value, message) => {
    expect(() => partitionName('c', value)).toThrow(TypeError);
    expect(() => partitionName('c', value)).toThrow(message);
  });
});

describe('partitionedBy', () => {
  it('leaves out the fields that it partitions by, and changes no record', () => {
    const place = partitionedBy(['year', 'country']);
    const record = { country: 'de', n: 1, year: 2024 };
    const placed = place(record);
    expect(placed).toEqual({ directory: 'year=2024/country=de', record: { n: 1 } });
    expect(Object.keys(placed.record as object)).toEqual(['n']);
    expect(record).toEqual({ country: 'de', n: 1, year: 2024 });
    expect(place({ ...record, year: 2025 }).directory).toBe('year=2025/country=de');
  });

  it('keeps what a class gives a record, and a key that is a name of its prototype', () => {
    class Row {
      constructor(
        readonly k: string,
        readonly n: number,
      ) {}
      toJSON(): unknown {
        return { twice: 2 * this.n };
      }
    }
    expect(JSON.stringify(partitionedBy(['k'])(new Row('a', 4)).record)).toBe('{"twice":8}');
    const parsed: unknown = JSON.parse('{"k":1,"__proto__":{"x":1},"z":2}');
    expect(JSON.stringify(partitionedBy(['k'])(parsed).record)).toBe('{"__proto__":{"x":1},"z":2}');
  });

  it('takes names and values from a function, and leaves the record as it is', () => {
    const record = { at: new Date(0) };
    const place = partitionedBy((given) => ({ year: (given as typeof record).at.getUTCFullYear() }));
    expect(place(record)).toEqual({ directory: 'year=1970', record });
    expect(place(record).record).toBe(record);
  });

  it.each<[Parameters<typeof partitionedBy>[0], unknown[], string]>([
    [['contry'], [{ country: 1 }], 'no field "contry": did you mean "country"? Where a field may be missing'],
    [['x'], [{ country: 1 }], 'known are "country". Where'],
    [['x'], [['a']], 'fields are those of objects, and this is'],
    [['x'], ['text'], 'give a function, as in partitionBy: (record) => ({ name: record[0] })'],
    [() => 'de' as never, [1], "the function gave 'de': return an object"],
    [() => ({}), [1], 'the function gave {}: return an object'],
    [(n) => (n === 1 ? { a: 1 } : { a: 1, b: 2 }), [1, 2], 'the function gave a, b, and a before'],
  ])('of %p refuses %p', (by, records, message) => {
    const place = partitionedBy(by);
    expect(() => records.forEach(place)).toThrow(TypeError);
    expect(() => records.forEach(place)).toThrow(message);
  });

  it('is found again by its name, and said in words', () => {
    expect(moduleRefOf(partitionedBy(['a', 'b']))).toMatchObject({ arguments: [['a', 'b']] });
    expect(partitionInWords(['a', 'b'])).toBe('a, b');
    expect(partitionInWords(function byYear() { return {}; })).toBe('byYear'); // prettier-ignore
    expect(partitionInWords(() => ({}))).toBe('a function');
  });
});

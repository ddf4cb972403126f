import { describe, expect, test } from '@jest/globals';
import { cacheTable, nestedQuery, sqlText, stagesQuery, uncacheTable } from '../../src/sql/stages-query.js';

const format = String.raw`ROW FORMAT DELIMITED FIELDS TERMINATED BY '\t'`;
const transform = (command: string, from: string): string =>
  `SELECT TRANSFORM(p, s, d) ${format} USING '${command}' AS (p INT, s BIGINT, d STRING) ${format} FROM (${from})`;
const shuffled = (stage: number, lanes: number): string =>
  `SELECT * FROM (SELECT /*+ REPARTITION(${lanes}, p) */ * FROM stage${stage}) SORT BY s`;

describe('the query of stages', () => {
  test('has one stage read the numbers of its tasks', () => {
    expect(stagesQuery([{ command: 'map', tasks: { count: 100, processes: 4 } }])).toBe(
      `WITH stage0 AS (${transform('map', 'SELECT -1 p, 0L s, CAST(id AS STRING) d FROM range(0, 100, 1, 4)')}) SELECT * FROM stage0`,
    );
  });

  test('starts no more processes than there are tasks, and asks for one where there is none', () => {
    expect(stagesQuery([{ command: 'map', tasks: { count: 2, processes: 4 } }])).toContain(
      'range(0, 2, 1, 2)',
    );
    expect(stagesQuery([{ command: 'map', tasks: { count: 0, processes: 4 } }])).toContain(
      'range(0, 0, 1, 1)',
    );
  });

  test('has a stage read the rows of an earlier one by lane, in order', () => {
    const query = stagesQuery([
      { command: 'map', tasks: { count: 8, processes: 2 } },
      { command: 'reduce', inputs: [{ stage: 0, lanes: 4 }] },
    ]);
    expect(query).toContain(`stage1 AS (${transform('reduce', shuffled(0, 4))}) SELECT * FROM stage1`);
  });

  test('has a stage read tasks and several stages', () => {
    const query = stagesQuery([
      { command: 'a', tasks: { count: 8, processes: 2 } },
      { command: 'b', tasks: { count: 8, processes: 2 } },
      {
        command: 'join',
        tasks: { count: 3, processes: 1 },
        inputs: [
          { stage: 0, lanes: 4 },
          { stage: 1, lanes: 5 },
        ],
      },
    ]);
    const tasks = 'SELECT -1 p, 0L s, CAST(id AS STRING) d FROM range(0, 3, 1, 1)';
    expect(query).toContain(
      transform('join', `(${tasks}) UNION ALL (${shuffled(0, 4)}) UNION ALL (${shuffled(1, 5)})`),
    );
  });

  test('has Spark read text, a partition a place in the order', () => {
    const texts = [{ paths: ['s3a://a/*.txt', 'hdfs://b/`c`'], order: 5n, step: 16n }];
    expect(stagesQuery([{ command: 'map', texts }])).toContain(
      'SELECT -5 p, 5L + 16L * spark_partition_id() s, value d FROM ' +
        '(SELECT value FROM text.`s3a://a/*.txt` UNION ALL SELECT value FROM text.`hdfs://b/``c```)',
    );
  });

  test('cuts the rows of a table into ranges, or none', () => {
    const map = { command: 'map', tasks: { count: 8, processes: 2 } };
    const range = { task: 3, low: 4n, high: 9n, key: 7, order: 100n };
    const query = (ranges: (typeof range)[]): string =>
      stagesQuery([
        map,
        { command: 'merge', inputs: [{ stage: 0, lanes: 2, sorted: { table: 't', ranges } }] },
      ]);
    expect(query([range])).toContain('JOIN (VALUES (3, 4L, 9L, 7, 100L)) AS r(task, low, high, p, s)');
    expect(query([])).toContain("SELECT 0 p, 0L s, '' d WHERE false");
  });

  test('is the same without names, for a table that is kept', () => {
    const map = { command: 'map', tasks: { count: 8, processes: 2 } };
    const query = nestedQuery([map, { command: 'reduce', inputs: [{ stage: 0, lanes: 4 }] }]);
    expect(query).not.toContain('WITH');
    expect(query).toContain("USING 'map'");
  });

  test('grows with the number of stages, not with the ways through them', () => {
    const diamond = (stages: number): string =>
      stagesQuery([
        { command: 'a', tasks: { count: 8, processes: 2 } },
        ...Array.from({ length: stages }, (_, stage) => ({
          command: 'b',
          inputs: [
            { stage, lanes: 2 },
            { stage, lanes: 3 },
          ],
        })),
      ]);
    expect(diamond(20).length).toBeLessThan(12 * diamond(2).length);
  });

  test.each([
    [[], 'at least one stage'],
    [[{ command: 'a' }], 'Stage 0 has no input'],
    [[{ command: 'a', inputs: [{ stage: 0, lanes: 1 }] }], 'Stage 0 cannot read stage 0'],
    [[{ command: 'a', inputs: [{ stage: 1, lanes: 1 }] }], 'Stage 0 cannot read stage 1'],
  ])('is refused for %j', (stages, reason) => {
    expect(() => stagesQuery(stages)).toThrow(reason);
  });
});

test('a query is kept, and let go of, under a name', () => {
  expect(cacheTable('a`b', 'SELECT 1')).toBe(
    "CACHE TABLE `a``b` OPTIONS ('storageLevel' 'DISK_ONLY') AS SELECT 1",
  );
  expect(uncacheTable('a')).toBe('UNCACHE TABLE IF EXISTS `a`');
});

test('a text is quoted, and refused where Spark would put configuration in it', () => {
  expect(sqlText(String.raw`it's a \ "text" $x $(y)`)).toBe(String.raw`'it\'s a \\ "text" $x $(y)'`);
  expect(() => sqlText('${x}')).toThrow('Spark would replace');
});

import { describe, expect, it } from '@jest/globals';
import { compileFunction } from '../../src/plan/function-text.js';
import { isInstrumented, writtenName } from '../../src/plan/instrumented.js';

describe('the text of an instrumented function', () => {
  it.each([
    'n => { cov_2miabef8kd().f[0]++; cov_2miabef8kd().s[1]++; return n > 1 ? (cov_2miabef8kd().b[0][0]++, n * 2) : (cov_2miabef8kd().b[0][1]++, 0); }',
    'n => { cov_a().s[0]++; cov_b().s[0]++; return n * 2; }',
  ])('is known, and does its work where nothing counts: %s', (source) => {
    expect(isInstrumented(source)).toBe(true);
    expect(compileFunction({ source, site: undefined })(4 as never)).toBe(8);
  });

  it.each([
    '(c) => __vite_ssr_import_3__.rates[c]',
    '(c) => __vi_import_0__.rates[c]',
    "() => __vite_ssr_dynamic_import__('/a.js')",
    '() => __vite_ssr_import_meta__.url',
    "(n) => stryMutAct_9fa48('1') ? n / 2 : (stryCov_9fa48('1'), n * 2)",
  ])('is known: %s', (source) => {
    expect(isInstrumented(source)).toBe(true);
  });

  it.each(['(cov_a) => cov_a', '(n) => n.cov_a', '(n) => n.import_1'])('is none: %s', (source) => {
    expect(isInstrumented(source)).toBe(false);
  });

  it.each([
    ['__vite_ssr_import_3__', '(0, __vite_ssr_import_3__.cents)(1)', 'cents'],
    ['__vi_import_0__', '__vi_import_0__["cents"](1)', 'cents'],
    ['import_rates', '(0, import_rates.cents)(1)', 'cents'],
    ['rates_js_1', '(0, rates_js_1.cents)(1)', 'cents'],
    ['_rates', '(0, _rates.cents)(1)', 'cents'],
    ['__vite_ssr_dynamic_import__', '__vite_ssr_dynamic_import__("/a.js")', 'import()'],
    ['__vite_ssr_import_meta__', '__vite_ssr_import_meta__.url', 'import.meta'],
    ['rates', 'rates.de', undefined],
    ['_rates', '_rates.cents(1)', undefined],
    ['a$', '(0, a$.cents)(1)', undefined],
  ])('says of %s what the user has written', (name, source, written) => {
    expect(writtenName(name, source)).toBe(written);
  });
});

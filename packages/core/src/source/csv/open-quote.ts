import { SourceError, type RecordPosition } from '../../errors.js';
import type { CsvFormat } from './csv-format.js';
import type { OpenQuote } from './field-finder.js';

/**
 * The error for a quote that is open where it should not be. No `onError` leaves such a row out: lines that follow may be the
 * rest of its text, and would pass for rows.
 */
export function openQuote(error: OpenQuote, position: RecordPosition, format: CsvFormat): SourceError {
  const { file, line, byte } = position;
  const place = `${file}${line === undefined ? '' : `:${line}`} (byte ${byte})`;
  const ordinary = `if ${format.quote} is a character like any other, quote: false`;
  const message = format.multiline
    ? `${place}: the quote that opens in ${error.message} is never closed: mend the file, or, ${ordinary}`
    : `${place}: the quote that opens in ${error.message} is not closed in its line: if fields hold line ends, give ` +
      `multiline: true; ${ordinary}`;
  return new SourceError(message, position);
}

/** What separates fields in the files that are read now: bytes, or 256 for one that is none. */

export const LF: u32 = 10;
export const CR: u32 = 13;

export let delimiter: u32 = 0;
export let quote: u32 = 0;
export let point: u32 = 0;
export let comment: u32 = 0;
/** Whether a text in quotes is another one than without them. */
export let quotesTell: bool = false;

export function setMarks(aDelimiter: u32, aQuote: u32, aPoint: u32, aComment: u32, doQuotesTell: bool): void {
  delimiter = aDelimiter;
  quote = aQuote;
  point = aPoint;
  comment = aComment;
  quotesTell = doQuotesTell;
}

import { jsonLine } from './json-line.js';
import { csvPart } from './csv-part.js';
import type { PartFormat } from './part-format.js';
import { textLine } from './text-line.js';

const text: PartFormat = { open: () => ({ encode: (record) => `${textLine(record)}\n` }) };
const jsonLines: PartFormat = { open: () => ({ encode: (record) => `${jsonLine(record)}\n` }) };

/** What children write parts with, by the names under which they travel. */
export const formats = { text, jsonLines, csv: csvPart } as const;

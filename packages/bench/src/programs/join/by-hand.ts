import { filePartsOf, type FilePart } from '../by-hand/file-parts.js';
import { paidIn, ratesOf } from './rates-and-payments.js';

/** Each worker reads all accounts, once. */
let rates: ReadonlyMap<string, number> | undefined;

export default function paidInPart({ path, ...part }: FilePart): number {
  rates ??= ratesOf(path);
  return paidIn(path, part, rates);
}

export function tasks(directory: string): FilePart[] {
  return filePartsOf(directory, 16);
}

export function verdict(totals: readonly number[]): string {
  return String(totals.reduce((a, b) => a + b, 0));
}

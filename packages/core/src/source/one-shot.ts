import { Readable } from 'node:stream';
import { SourceError } from '../errors.js';
import { shared } from '../shared-state.js';

/** Iterators and streams that a run has begun to consume: a second run would silently find them empty. */
const consumed = shared('consumed', () => new WeakSet());

/** Notes that an iterator or a stream serves a run. @throws SourceError if it has served one before. */
export function consume(once: object): void {
  if (consumed.has(once)) {
    throw new SourceError(
      'this iterator or stream was already consumed by an earlier run: pass an array, or a function that makes a new one',
    );
  }
  consumed.add(once);
}

/** Whether what it gives may be lost until its iterator is taken. Iterators and streams hold it until they are asked. */
export function isLive(items: unknown): items is AsyncIterable<unknown> {
  return (
    typeof items === 'object' && items !== null && isAsync(items) && !('next' in items) && !isStream(items)
  );
}

/** What is looked at of an interface of readline. */
interface Lines {
  readonly closed?: unknown;
  readonly input: unknown;
  readonly terminal?: unknown;
  listenerCount(event: string): number;
}

/**
 * An interface of readline gives its lines when they come, and to nobody who asks later.
 *
 * @throws SourceError where some, or all, are lost already: its iterator would wait for them for ever, or miss them.
 */
export function checkLines(items: object): void {
  if (!isLines(items)) return;
  const { closed, input, terminal } = items;
  const hasBegun = terminal !== true && Readable.isDisturbed(input as Readable);
  if (closed !== true && !(hasBegun && items.listenerCount('line') === 0)) return;
  throw new SourceError(
    `this interface of readline has given ${closed === true ? 'all' : 'some'} of its lines before the run asked for them: make it ` +
      'in a function, as in from(() => createInterface({ input })), or await nothing between createInterface and run',
  );
}

function isLines(items: object): items is Lines {
  return 'input' in items && 'crlfDelay' in items && 'listenerCount' in items;
}

/** @throws SourceError for a stream that has ended before: it would seem to be empty. */
export function checkStream(items: unknown): void {
  const isOver =
    items instanceof Readable && (items.readableEnded || items.destroyed) && items.errored === null;
  if (!isOver) return;
  throw new SourceError(
    'this stream has ended before the run began: pass a function that opens it, as in from(() => createReadStream(path))',
  );
}

/** An iterator gives itself. */
export function isIterator(items: Iterable<unknown>): items is IterableIterator<unknown> {
  return 'next' in Object(items) && (items[Symbol.iterator]() as object) === items;
}

/**
 * Keeps a stream that fails before anybody reads it, such as that of a missing file, from ending the program: its iterator
 * tells of the error all the same.
 */
export function expectErrors(items: unknown): void {
  if (items instanceof Readable) items.on('error', () => undefined);
}

export function isAsync(items: unknown): items is AsyncIterable<unknown> {
  return Symbol.asyncIterator in Object(items);
}

export function isStream(items: object): boolean {
  return 'pipe' in items || 'getReader' in items;
}

import { tryOr } from './try-or.js';
import { decode, writeFlat } from './codec.js';
import { flattenThrown } from './flatten.js';
import { preview } from './preview.js';
import { entryValue } from './rebuild.js';

/** A thrown value as a plain record, which any serialization of the process boundary keeps. */
export interface EncodedThrown {
  readonly bytes: Uint8Array;
  /** A short text, for when the bytes cannot be read. */
  readonly summary: string;
}

/**
 * Encodes what user code threw, whatever it is; never throws itself. An error keeps class name, name, message, stack,
 * code, own properties, `errors` and the chain of its causes (up to 10,000), symbols and everything that `encode`
 * takes; what cannot cross becomes a text that describes it, such as `[Function: handler]`.
 */
export function encodeThrown(thrown: unknown): EncodedThrown {
  const summary = preview(thrown, 1000);
  const bytes = tryOr(
    () => writeFlat(flattenThrown(thrown)),
    () => writeFlat(flattenThrown(standIn(thrown, summary))),
  );
  return { bytes, summary };
}

/**
 * The thrown value again; never throws. An error is an instance of its nearest built-in class, under the name of its
 * own (`constructor.name`), with the stack of the process that threw it.
 */
export function decodeThrown(encoded: EncodedThrown): unknown {
  return tryOr(
    () => {
      const [flags, value] = decode(encoded.bytes) as [number, unknown];
      return entryValue(flags, value);
    },
    (cause) =>
      new Error(
        tryOr(
          () => encoded.summary,
          () => 'an error that cannot be decoded',
        ),
        { cause },
      ),
  );
}

/** For what is too large to cross as it is: the beginnings of its texts. */
function standIn(thrown: unknown, summary: string): unknown {
  const text = (key: string): string | undefined =>
    tryOr(
      () => String((thrown as Record<string, unknown>)[key]).slice(0, 100_000),
      () => undefined,
    );
  const error = new Error(text('message') ?? summary);
  error.stack = text('stack') ?? summary;
  return error;
}

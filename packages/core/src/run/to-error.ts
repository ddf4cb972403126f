import { JobError, SerializationError, SourceError, TaskError } from '../errors.js';
import { decodeThrown, type EncodedThrown } from '../values/error-codec.js';
import type { Failure } from '../protocol/failure.js';
import { escapeControls, preview } from '../values/preview.js';
import { placeOf } from './place-in-words.js';

/** The error that a child's reply describes. */
export function toError(failure: Failure): Error {
  switch (failure.kind) {
    case 'source':
      return new SourceError(escapeControls(failure.message), failure.position, causeOf(failure));
    case 'job':
      return new JobError(failure.message, causeOf(failure));
    case 'serialization':
      return new SerializationError(ofRecord(failure), failure.path, causeOf(failure));
    case 'task': {
      const { verb, chunk, position, hint, thrown } = failure;
      const cause = decodeThrown(thrown);
      // On one line and without what a terminal would obey: a message often quotes the record. The cause keeps it as it was.
      const what =
        cause instanceof Error
          ? escapeControls(`${cause.name.slice(0, 200)}: ${(hint ?? cause.message).slice(0, 1000)}`)
          : preview(cause);
      const of = failure.preview === '' ? '' : `: ${failure.preview}`;
      const where = chunk < 0 ? 'in the parent process' : `chunk ${chunk}${placeOf(position)}`;
      const message = `${verb} threw ${what} (${where}${of})`;
      const error = new TaskError(message, { verb, chunk, preview: failure.preview, ...position }, { cause });
      // The child's frames tell where; the parent's own lead into forkfold only.
      if (cause instanceof Error && typeof cause.stack === 'string') {
        error.stack = `${error.name}: ${message}\n${cause.stack
          .split('\n')
          .filter((text) => /^\s+at /.test(text))
          .map(escapeControls)
          .join('\n')}`;
      }
      return error;
    }
  }
}

function causeOf({ cause }: { cause?: EncodedThrown }): { cause?: unknown } {
  return cause === undefined ? {} : { cause: decodeThrown(cause) };
}

/** The message about a value that cannot cross; of a key it says whose it is. */
function ofRecord({ message, position, of }: Exclude<Failure, { kind: 'task' }>): string {
  return of ? `${message} (${of.verb}, chunk ${of.chunk}${placeOf(position)}: ${of.preview})` : message;
}

import type { RecordPosition } from '../errors.js';
import type { EncodedThrown } from '../values/error-codec.js';

/** Why a task failed, other than by the death of its process. */
export type Failure =
  | {
      readonly kind: 'source' | 'job' | 'serialization';
      readonly message: string;
      readonly position: RecordPosition;
      readonly path: string;
      readonly cause?: EncodedThrown;
      /** For a value that cannot be a key: the verb, and the record that it is the key of, at `position`. */
      readonly of?: { readonly verb: string; readonly chunk: number; readonly preview: string };
    }
  | {
      readonly kind: 'task';
      readonly verb: string;
      readonly chunk: number;
      readonly position: RecordPosition;
      readonly preview: string;
      readonly hint?: string;
      readonly thrown: EncodedThrown;
    };

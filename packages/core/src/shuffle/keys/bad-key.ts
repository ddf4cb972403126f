import { SerializationError } from '../../errors.js';
import { shortPath } from '../../values/value-path.js';

/** A value that cannot be a key; the record that it is the key of is to blame. A `SerializationError` for whoever runs. */
export class BadKey extends SerializationError {
  constructor(path: string, what: string, allowed: string) {
    const where = shortPath(path);
    super(`${where} ${what}: ${allowed}`, where);
    this.name = SerializationError.name;
  }
}

import { Buffer } from 'node:buffer';
import { types } from 'node:util';
import { Deserializer, Serializer } from 'node:v8';
import { builtInName } from './kind.js';

/** Stands in a value for one that V8 cannot write: the `index`-th entry of a table that travels beside it. */
export class Placeholder extends Uint8Array {
  readonly index: number;

  constructor(index: number) {
    // V8 leaves views, and nothing else that JavaScript can make, to us; so a placeholder is one.
    super(0);
    this.index = index;
  }
}

/** The most bytes of one value, 2 GiB - 1: Node's limits on buffers and messages are not far beyond. */
export const MAX_BYTES = 2 ** 31 - 1;

export class ValueTooLargeError extends RangeError {}

const PLACEHOLDER = 0;
// Ids of the classes of views, part of the format. Node 20 has no Float16Array.
const viewClasses: readonly [id: number, name: string, view: ViewClass | undefined][] = [
  [1, 'Buffer', undefined],
  [2, 'Uint8Array', Uint8Array],
  [3, 'Int8Array', Int8Array],
  [4, 'Uint8ClampedArray', Uint8ClampedArray],
  [5, 'Int16Array', Int16Array],
  [6, 'Uint16Array', Uint16Array],
  [7, 'Int32Array', Int32Array],
  [8, 'Uint32Array', Uint32Array],
  [9, 'Float32Array', Float32Array],
  [10, 'Float64Array', Float64Array],
  [11, 'BigInt64Array', BigInt64Array],
  [12, 'BigUint64Array', BigUint64Array],
  [13, 'DataView', DataView],
  [14, 'Float16Array', (globalThis as { Float16Array?: ViewClass }).Float16Array],
];
type ViewClass = new (buffer: ArrayBuffer) => ArrayBufferView;
const idByName = new Map(viewClasses.map(([id, name]) => [name, id]));
const classById = new Map(viewClasses.map(([id, , view]) => [id, view]));

// Node documents these methods, its types leave them out.
interface HostObjectWriter {
  _setTreatArrayBufferViewsAsHostObjects(on: boolean): void;
}

/** Node's default serializer, but for views: they may be placeholders, and are not aliased to the message on arrival. */
export class ValueWriter extends Serializer {
  #bytes = 0;

  constructor() {
    super();
    (this as unknown as HostObjectWriter)._setTreatArrayBufferViewsAsHostObjects(true);
  }

  _writeHostObject(view: ArrayBufferView): void {
    if (view instanceof Placeholder) {
      this.writeUint32(PLACEHOLDER);
      this.writeUint32(view.index);
      return;
    }
    this.#bytes += view.byteLength;
    if (this.#bytes > MAX_BYTES) throw new ValueTooLargeError();
    if (types.isSharedArrayBuffer(view.buffer)) throw new TypeError('a view of a SharedArrayBuffer');
    const id = idByName.get(builtInName(Object.getPrototypeOf(view) as object) ?? '');
    if (id === undefined) throw new TypeError('an unknown class of typed array');
    this.writeUint32(id);
    this.writeUint32(view.byteLength);
    this.writeRawBytes(view as Uint8Array);
  }
}

export class ValueReader extends Deserializer {
  /** Gives the object that a placeholder stands for. */
  resolve: (index: number) => object = () => {
    throw new Error('a placeholder without its table');
  };

  _readHostObject(): object {
    const id = this.readUint32();
    if (id === PLACEHOLDER) return this.resolve(this.readUint32());
    const bytes = this.readRawBytes(this.readUint32());
    if (id === 1) return Buffer.from(bytes);
    if (id === 2) return new Uint8Array(bytes);
    const View = classById.get(id);
    if (View === undefined) throw new TypeError(`typed array class ${id} is unknown to this version of Node`);
    // A copy, since a view of the message would keep all of it alive, and its `buffer` would be the message.
    const { byteOffset, byteLength } = bytes;
    return new View((bytes.buffer as ArrayBuffer).slice(byteOffset, byteOffset + byteLength));
  }
}

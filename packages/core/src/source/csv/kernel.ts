import type { BytesWindow, SharedMemory } from '../scan/bytes-window.js';
import { KERNEL_CODE } from './kernel-code.js';

/** See `wasm/csv-scan.ts` and `wasm/layout.ts`. */
type Constant =
  | 'TEXT'
  | 'NUMBER'
  | 'LAST_TEXT'
  | 'LAST_NUMBER'
  | 'SLICE'
  | 'PLACE'
  | 'MOST_ROWS'
  | 'MOST_COLUMNS'
  | 'MOST_NEW'
  | 'MOST_TEXTS'
  | 'STEPS'
  | 'NEW_TEXTS'
  | 'TABLES'
  | 'TABLE_BYTES'
  | 'STARTS'
  | 'COLUMNS'
  | 'COLUMN_BYTES'
  | 'PLACES'
  | 'LENGTHS'
  | 'WINDOW'
  | 'WINDOW_BYTES';

/** What the kernel can be called for; what gives a truth gives 0 or 1. */
interface Calls {
  configure(delimiter: number, quote: number, point: number, comment: number, doQuotesTell: number): void;
  openTable(column: number): void;
  plan(steps: number): void;
  rows(from: number, end: number, most: number): number;
  at(): number;
  newTexts(): number;
  isPaused(): number;
}

type Exports = Calls &
  Readonly<Record<Constant, { readonly value: number }>> & {
    readonly memory: { readonly buffer: ArrayBuffer };
  };

/** What is used of WebAssembly, whose types are those of browsers. */
interface WebAssemblyLike {
  Module: new (code: Uint8Array) => object;
  Instance: new (module: object) => { readonly exports: unknown };
}

/**
 * The kernel that takes lines of CSV apart in WebAssembly, with its memory. There is one in a process: who reads with it is its
 * owner until another one is.
 */
export class Kernel implements SharedMemory {
  readonly calls: Calls;
  readonly constants: Readonly<Record<Constant, number>>;
  readonly buffer: ArrayBuffer;
  /** Lines are put here. */
  readonly window: Buffer;
  /** Where the rows start that were taken, in the window. */
  readonly starts: Int32Array;
  /** The texts that are new: for each its column, where it begins in the memory, and how long it is. */
  readonly newTexts: Int32Array;
  /** Whose steps and tables it has. */
  owner: object | undefined;
  holder: BytesWindow | undefined;

  constructor(exports: Exports) {
    this.calls = exports;
    const constants = Object.entries(exports).filter(
      ([, value]) => typeof value === 'object' && 'value' in value,
    );
    this.constants = Object.fromEntries(
      constants.map(([name, constant]) => [name, (constant as { value: number }).value]),
    ) as Record<Constant, number>;
    const { WINDOW, WINDOW_BYTES, STARTS, MOST_ROWS, NEW_TEXTS, MOST_NEW } = this.constants;
    this.buffer = exports.memory.buffer;
    this.window = Buffer.from(this.buffer, WINDOW, WINDOW_BYTES);
    this.starts = new Int32Array(this.buffer, STARTS, MOST_ROWS);
    this.newTexts = new Int32Array(this.buffer, NEW_TEXTS, 3 * MOST_NEW);
  }
}

let kernel: Kernel | undefined;
let isTried = false;

/** The kernel of this process; undefined where no WebAssembly runs, or none with vectors. */
export function kernelOfProcess(): Kernel | undefined {
  if (isTried) return kernel;
  isTried = true;
  try {
    const { Module, Instance } = (globalThis as unknown as { WebAssembly: WebAssemblyLike }).WebAssembly;
    const module = new Module(Buffer.from(KERNEL_CODE, 'base64'));
    kernel = new Kernel(new Instance(module).exports as Exports);
  } catch {
    // All that it does is done without it, in twice the time.
  }
  return kernel;
}

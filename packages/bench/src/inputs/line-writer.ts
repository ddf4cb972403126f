import { closeSync, openSync, writeSync } from 'node:fs';

/** Writes lines to a new file, a megabyte at a time. */
export class LineWriter {
  readonly #file: number;
  #block = '';

  constructor(path: string) {
    this.#file = openSync(path, 'wx');
  }

  add(line: string): void {
    this.#block += `${line}\n`;
    if (this.#block.length >= 2 ** 20) this.#flush();
  }

  close(): void {
    this.#flush();
    closeSync(this.#file);
  }

  #flush(): void {
    writeSync(this.#file, this.#block);
    this.#block = '';
  }
}

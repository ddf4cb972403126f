import { createReadStream, closeSync, openSync, readFileSync, readSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { createBrotliDecompress, createGunzip } from 'node:zlib';
import { OptionError, SourceError } from '../errors.js';
import type { Batch, Batches, BytesChunk, ChunkOptions, Partitions } from './chunk.js';

export interface TextSource {
  readonly kind: 'text';
  readonly format: BytesChunk['format'];
  readonly paths: readonly string[];
}

export interface FileInfo {
  readonly path: string;
  readonly size: number;
}

const BLOCK = 1 << 20;
const LF = 10;

export function checkPaths(paths: unknown): readonly string[] {
  const list: unknown[] = Array.isArray(paths) ? paths : [paths];
  if (list.length === 0 || list.some((path) => typeof path !== 'string' || path === '')) {
    throw new OptionError(
      `Expected "paths" to be a path, a glob or an array of them, got ${String(paths)}`,
      'paths',
    );
  }
  return list as string[];
}

/** The files that paths and globs name: absolute, without duplicates, sorted so that input order is fixed. */
export async function expandPaths(paths: readonly string[]): Promise<FileInfo[]> {
  const found = new Map<string, number>();
  for (const path of paths) {
    const info = await stat(path).catch(() => undefined);
    if (info?.isDirectory()) {
      throw new SourceError(`${path} is a directory: name its files, as in "${path}/**/*"`, { file: path });
    }
    if (info !== undefined) {
      found.set(resolve(path), info.size);
      continue;
    }
    const { glob, isDynamicPattern } = await import('tinyglobby');
    const matches = isDynamicPattern(path) ? await glob(path, { absolute: true, dot: false }) : [];
    if (matches.length === 0) {
      throw new SourceError(`${path} matches no file in ${process.cwd()}: check the path`, { file: path });
    }
    for (const match of matches) found.set(match, (await stat(match)).size);
  }
  const order = (a: FileInfo, b: FileInfo): number => (a.path < b.path ? -1 : 1);
  return [...found].map(([path, size]) => ({ path, size })).sort(order);
}

export async function partitionText(source: TextSource, { chunkBytes }: ChunkOptions): Promise<Partitions> {
  const files = (await expandPaths(source.paths)).filter(({ size }) => size > 0);
  const total = files.reduce((sum, { size }) => sum + size, 0);
  const step = chunkBytes ?? Math.min(8 * BLOCK, Math.max(BLOCK / 4, Math.ceil(total / 1024)));
  const chunks = files.flatMap(({ path: file, size }): BytesChunk[] => {
    const compression = file.endsWith('.gz') ? 'gzip' : file.endsWith('.br') ? 'brotli' : 'none';
    const base = { kind: 'bytes', format: source.format, file, compression } as const;
    if (compression !== 'none') return [{ ...base, start: 0, end: size }];
    return Array.from({ length: Math.ceil(size / step) }, (_, i) => {
      return { ...base, start: i * step, end: Math.min(size, (i + 1) * step) };
    });
  });
  return { chunks, count: chunks.length, bytes: total };
}

/** The records that start in a byte range. A record ends with LF or with the file. */
export function readText(chunk: BytesChunk): Batches {
  return chunk.compression === 'none' ? readPlain(chunk) : readCompressed(chunk);
}

function* readPlain(chunk: BytesChunk): Generator<Batch> {
  const { file, start, end } = chunk;
  const fd = open(file);
  try {
    let rest = Buffer.alloc(0);
    // The byte before the range tells whether a record starts at its first byte.
    let skipping = start > 0;
    let position = skipping ? start - 1 : 0;
    for (;;) {
      const block = Buffer.allocUnsafe(Math.min(BLOCK, Math.max(4096, end - position)));
      const length = readSync(fd, block, 0, block.length, position);
      position += length;
      let bytes =
        rest.length > 0 ? Buffer.concat([rest, block.subarray(0, length)]) : block.subarray(0, length);
      const from = position - bytes.length;
      let offset = 0;
      if (skipping) {
        const newline = bytes.indexOf(LF);
        offset = newline < 0 ? bytes.length : newline + 1;
        skipping = newline < 0 && length > 0;
      }
      // The last record is the one in which the byte `end - 1` lies.
      const last = position >= end ? bytes.indexOf(LF, Math.max(offset, end - 1 - from)) : -1;
      const ended = length === 0 || last >= 0 || from + offset >= end;
      const cut = last >= 0 ? last + 1 : length === 0 ? bytes.length : bytes.lastIndexOf(LF) + 1;
      if (from + offset < end && cut > offset)
        yield toBatch(chunk, bytes.subarray(offset, cut), from + offset);
      if (ended) return;
      bytes = bytes.subarray(Math.max(offset, cut));
      rest = bytes;
    }
  } finally {
    closeSync(fd);
  }
}

async function* readCompressed(chunk: BytesChunk): AsyncGenerator<Batch> {
  const unpack = chunk.compression === 'gzip' ? createGunzip() : createBrotliDecompress();
  const input = createReadStream(chunk.file);
  input.on('error', (error) => unpack.destroy(error));
  let [rest, byte] = [Buffer.alloc(0), 0];
  try {
    for await (const block of input.pipe(unpack) as AsyncIterable<Buffer>) {
      const bytes = Buffer.concat([rest, block]);
      const cut = bytes.lastIndexOf(LF) + 1;
      if (cut > 0) yield toBatch(chunk, bytes.subarray(0, cut), byte);
      rest = bytes.subarray(cut);
      byte += cut;
    }
  } catch (cause) {
    throw new SourceError(
      `${chunk.file} cannot be decompressed: ${String(cause)}`,
      { file: chunk.file, byte },
      { cause },
    );
  } finally {
    input.destroy();
  }
  if (rest.length > 0) yield toBatch(chunk, rest, byte);
}

function toBatch(chunk: BytesChunk, bytes: Buffer, byte: number): Batch {
  const { file, format } = chunk;
  const locate = (i: number): { file: string; byte: number; line?: number } => {
    let at = 0;
    for (let line = 0; line < i; line += 1) at = bytes.indexOf(LF, at) + 1;
    if (chunk.compression !== 'none') return { file, byte: byte + at };
    return { file, byte: byte + at, line: countLines(file, byte + at) };
  };
  if (format === 'blocks') return { records: [bytes], locate: () => ({ file, byte }) };
  const bom = byte === 0 && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  const text = bytes.toString('utf8', bom, bytes.at(-1) === LF ? bytes.length - 1 : bytes.length);
  const records = text.split('\n');
  if (text.includes('\r')) {
    // A last line without LF keeps its CR: there it is not half of a line end.
    const ends = bytes.at(-1) === LF ? records.length : records.length - 1;
    for (let i = 0; i < ends; i += 1) if (records[i]?.endsWith('\r')) records[i] = records[i]!.slice(0, -1);
  }
  return { records, locate };
}

function countLines(file: string, byte: number): number {
  const bytes = readFileSync(file).subarray(0, byte);
  let lines = 1;
  for (let at = bytes.indexOf(LF); at >= 0; at = bytes.indexOf(LF, at + 1)) lines += 1;
  return lines;
}

function open(file: string): number {
  try {
    return openSync(file, 'r');
  } catch (cause) {
    throw new SourceError(`${file} cannot be read: ${(cause as Error).message}`, { file }, { cause });
  }
}

import { constants } from 'node:buffer';
import type { StandardSchema } from '../../checks/standard-schema.js';
import { wholeFiles, type BytesChunk, type PackedChunk } from '../files/bytes-chunk.js';
import { decompressedBlocks } from '../files/decompressed-blocks.js';
import { fileBlocks } from '../files/file-blocks.js';
import { lineFinder } from '../files/line-finder.js';
import { schemaCheck } from '../readers/schema-check.js';
import type { Batch, ChunkReader } from '../source.js';
import type { CsvFormat } from './csv-format.js';
import type { CsvChunk } from './csv-source.js';
import { readHead, unpackHead, type FileHead } from './file-head.js';
import { LineCounter } from './line-counter.js';
import { faultOf, isBadRow } from './row-fault.js';
import { rowPlans } from './row-plan.js';
import { RowTaker, type Locate } from './row-taker.js';

/** A field of free text that is kept keeps the text of its block alive, so blocks are small, as those of lines. */
const BLOCK_BYTES = 64 * 1024;
/** So many heads of files are kept. */
const MOST_HEADS = 64;

/** The chunks of one file, whose rows have the columns of `header` unless the format names them. */
interface Range {
  readonly chunk: BytesChunk;
  readonly header: readonly string[];
}

/**
 * Reads the rows of CSV files, checked by a schema where there is one.
 *
 * @param limits For tests.
 */
export function csvRows(
  format: CsvFormat,
  schema?: StandardSchema,
  { blockBytes = BLOCK_BYTES, hasKernel = true } = {},
): ChunkReader<CsvChunk> {
  const check = schema === undefined ? undefined : schemaCheck(schema, 'csv');
  const planOf = rowPlans(format, hasKernel);
  const heads = new Map<string, FileHead>();
  const limits = { blockBytes, recordBytes: constants.MAX_STRING_LENGTH };

  function keepHead(file: string, head: FileHead): FileHead {
    if (heads.size >= MOST_HEADS) heads.clear();
    heads.set(file, head);
    return head;
  }

  function takerOf({ chunk: { file }, header }: Range, head: FileHead): RowTaker {
    return new RowTaker(planOf(file, head, header), head.start, check !== undefined);
  }

  function* plain(range: Range): Generator<Batch, void, undefined> {
    const { chunk } = range;
    const { file } = chunk;
    const head = heads.get(file) ?? keepHead(file, readHead(chunk, format));
    const taker = takerOf(range, head);
    const find = lineFinder(file);
    const locate: Locate = (byte) => find(byte, 0);
    for (const block of fileBlocks(chunk, { ...limits, reuse: true })) yield* taker.take(block, locate);
    yield* taker.end(locate);
  }

  async function* compressed(range: Range): AsyncGenerator<Batch, void, undefined> {
    const { chunk } = range;
    const { file } = chunk;
    const head = heads.get(file) ?? keepHead(file, await unpackHead(chunk, format));
    const taker = takerOf(range, head);
    const counter = new LineCounter(file);
    // Blocks are kept for `locate`: to find a line in the file again would take decompressing it.
    for await (const block of decompressedBlocks(chunk, { ...limits, reuse: false })) {
      yield* taker.take(block, counter.locate());
      counter.pass(block.bytes);
    }
    yield* taker.end(counter.locate());
  }

  return {
    read(chunk) {
      const { header } = chunk;
      if (chunk.kind === 'packed') return packed(chunk, (each) => plain({ chunk: each, header }));
      return chunk.compression === 'none' ? plain({ chunk, header }) : compressed({ chunk, header });
    },
    parse(read) {
      if (isBadRow(read)) throw faultOf(read);
      return check === undefined ? read : check(read);
    },
  };
}

function* packed(
  chunk: PackedChunk,
  read: (chunk: BytesChunk) => Generator<Batch, void, undefined>,
): Generator<Batch, void, undefined> {
  for (const each of wholeFiles(chunk)) yield* read(each);
}

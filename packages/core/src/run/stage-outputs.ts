import { rm } from 'node:fs/promises';
import { segmentsByBucket, type MapOutput } from '../blocks/segment.js';
import type { WireStage } from '../plan/compiled-plan.js';
import { planSort } from '../shuffle/sort/plan-sort.js';
import type { BucketChunk, SortedChunk } from '../protocol/task-message.js';
import type { Shuffle } from '../plan/node.js';

/** What the stages of a run have written for later ones, as long as one of these is to read it. */
export class StageOutputs {
  readonly #stages: readonly WireStage[];
  readonly #outputs = new Map<number, MapOutput[]>();

  constructor(stages: readonly WireStage[]) {
    this.#stages = stages;
  }

  add(stage: number, output: MapOutput): void {
    const outputs = this.#outputs.get(stage) ?? [];
    this.#outputs.set(stage, outputs);
    outputs.push(output);
  }

  /** The reduce side of a shuffle: all buckets by their numbers, or ranges of keys in their order. */
  chunksOf(stage: number, shuffle: Shuffle<number>): (BucketChunk | SortedChunk)[] {
    const outputs = this.#outputs.get(stage) ?? [];
    const { sink } = this.#stages[stage]!;
    const partitions = sink.kind === 'shuffle' ? sink.partitions : 0;
    if (shuffle.kind === 'sort') {
      const ranges = planSort(outputs, partitions, shuffle);
      const chunks = ranges.map((partition): BucketChunk | SortedChunk => ({ kind: 'sorted', partition }));
      // Where there are fewer ranges than there might be, the others are empty: the number of chunks is the plan's.
      while (chunks.length > 0 && chunks.length < partitions) chunks.push({ kind: 'bucket', segments: [] });
      return chunks;
    }
    return segmentsByBucket(outputs, partitions).map((segments) => ({ kind: 'bucket', segments }));
  }

  /**
   * Forgets the outputs that these stages have read, and none after them reads, and removes their files. Returns the bytes of
   * these.
   */
  async release(done: readonly number[]): Promise<number> {
    const needed = new Set(this.#stages.slice(Math.max(...done) + 1).flatMap(stagesReadBy));
    let bytes = 0;
    for (const stage of new Set(done.flatMap((number) => stagesReadBy(this.#stages[number]!)))) {
      if (needed.has(stage)) continue;
      const outputs = this.#outputs.get(stage) ?? [];
      this.#outputs.delete(stage);
      bytes += outputs.reduce((sum, { spilledBytes }) => sum + spilledBytes, 0);
      const files = new Set(outputs.flatMap(({ segments }) => segments.map(({ file }) => file)));
      for (const file of files) if (file !== undefined) await rm(file, { force: true });
    }
    return bytes;
  }
}

function stagesReadBy({ branches }: WireStage): number[] {
  return branches.flatMap(({ from }) => ('shuffle' in from ? [from.stage] : []));
}

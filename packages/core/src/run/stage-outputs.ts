import { rm } from 'node:fs/promises';
import type { MapOutput } from '../blocks/segment.js';
import type { WireStage } from '../plan/compiled-plan.js';
import type { BucketChunk, SortedChunk } from '../protocol/task-message.js';
import type { Shuffle } from '../plan/node.js';
import { reduceChunks } from '../task/reduce-chunks.js';

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

  /** The reduce side of a shuffle. */
  chunksOf(stage: number, shuffle: Shuffle<number>): (BucketChunk | SortedChunk)[] {
    const { sink } = this.#stages[stage]!;
    const partitions = sink.kind === 'shuffle' ? sink.partitions : 0;
    return reduceChunks(this.#outputs.get(stage) ?? [], partitions, shuffle);
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

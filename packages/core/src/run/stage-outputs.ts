import { rm } from 'node:fs/promises';
import type { MapOutput } from '../blocks/segment.js';
import type { Stage } from '../plan/compile.js';

/** Forgets the outputs that no stage after this one reads, and removes their files. Returns the bytes of these. */
export async function release(
  stages: readonly Stage[],
  outputs: readonly { maps: MapOutput[] }[],
  done: number,
): Promise<number> {
  const needed = new Set(stages.slice(done + 1).flatMap(({ inputs }) => inputs.map(stageOf)));
  let bytes = 0;
  for (const stage of new Set(stages[done]!.inputs.map(stageOf))) {
    if (stage === undefined || needed.has(stage)) continue;
    const maps = outputs[stage]!.maps.splice(0);
    bytes += maps.reduce((sum, { spilledBytes }) => sum + spilledBytes, 0);
    const files = new Set(maps.flatMap(({ segments }) => segments.map(({ file }) => file)));
    for (const file of files) if (file !== undefined) await rm(file, { force: true });
  }
  return bytes;
}

function stageOf(input: Stage['inputs'][number]): number | undefined {
  return 'stage' in input ? input.stage : undefined;
}

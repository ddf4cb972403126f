import { DiskUse } from '../blocks/disk-use.js';
import { openRunDirectory } from '../disk/run-directory.js';
import type { RunDescription, RunPlace } from '../protocol/run-description.js';
import type { TaskMessage } from '../protocol/task-message.js';
import type { TaskPlace } from '../task/task-context.js';

/** Up to this many bytes of a task's shuffle output travel in memory, */
const INLINE = 256 * 1024;
/** but only those of the tasks up to this chunk: the parent holds them all until the next stage. */
const LAST_INLINE = 1024;
/** Up to this many bytes of collected records travel in the reply; the parent holds a few dozen replies at a time. */
const INLINE_RESULT = 4 * 2 ** 20;

/** Where a task writes on this machine: in the run's own directory, under the name of the attempt. */
export function localPlace(
  { name, stage, chunks }: TaskMessage,
  { place, limits }: RunDescription,
): TaskPlace {
  const { directory, filePrefix, isDurable, parts, partsByStage } = place;
  const prepare = preparationOf(place);
  const { memory } = limits;
  const inline = (chunks[0]?.number ?? 0) < LAST_INLINE ? Math.min(INLINE, memory) : 0;
  return {
    spill: {
      directory,
      name: `${filePrefix}${name}`,
      isDurable,
      memory,
      inline,
      prepare,
      disk: new DiskUse(),
    },
    inlineResult: Math.min(INLINE_RESULT, memory),
    parts: partsByStage?.[stage] ?? parts,
    ...(partsByStage && { partsByStage }),
  };
}

const preparations = new WeakMap<RunPlace, () => void>();

/** What makes the run's directory when its first file is written. */
function preparationOf(place: RunPlace): () => void {
  const { directory, owner } = place;
  if (owner === undefined) return () => undefined;
  const known = preparations.get(place);
  if (known !== undefined) return known;
  const { ensure } = openRunDirectory({ path: directory, owner });
  preparations.set(place, ensure);
  return ensure;
}

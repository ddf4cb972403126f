import type { WriteSink } from '../plan/node.js';
import type { Action } from '../api/plan.js';
import type { WrittenFiles } from '../api/write.js';
import { decode } from '../values/codec.js';
import type { Part, ResultBytes } from '../protocol/messages.js';
import { OutputDirectory } from '../output/output-directory.js';

interface Result {
  readonly value: ResultBytes;
  /** Whether the part is needed again: by the checkpoint. */
  readonly isKept: boolean;
}

/** What a run needs to know of the output: see `End` in run.ts. */
interface End {
  complete?: () => Promise<void>;
  parts?: string;
}

/** Has the children write parts, and makes their directory appear when all are there. Else it leaves nothing. */
export async function writeParts(
  sink: WriteSink,
  { directory, overwrite }: Required<Action>['output'],
  end: End,
  run: () => AsyncIterable<Result>,
): Promise<WrittenFiles> {
  const suffix = `${sink.verb === 'writeText' ? '.txt' : '.jsonl'}${sink.gzip ? '.gz' : ''}`;
  const output = await OutputDirectory.open({ directory, overwrite, suffix });
  let written: WrittenFiles | undefined;
  end.parts = output.attempts;
  // Before the checkpoint is removed, so that no kill in between costs the work.
  end.complete = async () => {
    written = await output.commit();
  };
  try {
    for await (const { value, isKept } of run()) {
      for (const part of decode(value as Uint8Array) as Part[]) await output.add(part, isKept);
    }
    return written!;
  } catch (error) {
    await output.discard();
    throw error;
  }
}

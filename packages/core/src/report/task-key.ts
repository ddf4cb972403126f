import type { TaskMessage } from '../protocol/task-message.js';

/** What all attempts at a task are known by. */
export function taskKey({ stage, chunks }: Pick<TaskMessage, 'stage' | 'chunks'>): string {
  return `${stage}-${chunks[0]?.number ?? 'fold'}`;
}

import type { Child } from './child.js';
import type { ChildDeath, TaskLimits } from './pool.js';
import { clearTimeout, setTimeout } from '../timers.js';

/** How long a child whose channel has failed may take to say by its exit code how it ends. */
const EXIT_GRACE = 500;
/**
 * How long a warm child that nobody waits for any more may take to finish its task. Most tasks take less, and another child
 * costs several times as much.
 */
const LATE_GRACE = 25;

/** What comes of a question. */
export type Answer<R> =
  | { readonly kind: 'reply'; readonly reply: R }
  | ChildDeath
  | { readonly kind: 'timeout' }
  | { readonly kind: 'cancelled' };

export interface AskLimits extends Pick<TaskLimits, 'signal' | 'timeout'> {
  /** What the child does first, if not what it is asked for: it says when that begins. */
  readonly phase?: ChildDeath['phase'];
  /** How long that may take, in milliseconds. */
  readonly phaseTimeout?: number;
  /** Whether a child that answers soon after an abort has answered. */
  readonly mayBeLate?: boolean;
}

/** Asks a child, and waits for an answer, a death, an abort or the deadline, whichever comes first. */
export async function ask<R>(
  child: Child,
  method: ChildDeath['phase'],
  params: unknown[],
  { signal, timeout, phase = method, phaseTimeout, mayBeLate = false }: AskLimits,
): Promise<Answer<R>> {
  child.phase = phase;
  let late: NodeJS.Timeout | undefined;
  let timer: NodeJS.Timeout | undefined;
  let phaseTimer: NodeJS.Timeout | undefined;
  let onAbort = (): void => undefined;
  // There is no race with `exited`: as long as the child lives, it would hold on to every outcome that it raced with.
  const answer = await new Promise<Answer<R>>((resolve) => {
    const cancel = (): void => resolve({ kind: 'cancelled' });
    onAbort = () => {
      if (mayBeLate) late = setTimeout(cancel, LATE_GRACE);
      else cancel();
    };
    child.onExit = resolve;
    child.call(method, params).then(
      (reply) => resolve({ kind: 'reply', reply: reply as R }),
      // workerpool rejects when its child exits; the exit itself says more, and must come.
      () => {
        const grace = setTimeout(() => child.process.kill('SIGKILL'), EXIT_GRACE);
        void child.exited.then(() => clearTimeout(grace));
        resolve(child.exited);
      },
    );
    signal.addEventListener('abort', onAbort);
    const isLate = (): void => resolve({ kind: 'timeout' });
    if (timeout !== undefined) timer = setTimeout(isLate, timeout);
    if (phaseTimeout !== undefined) {
      phaseTimer = setTimeout(() => {
        if (child.phase === phase) isLate();
      }, phaseTimeout);
    }
  });
  child.onExit = undefined;
  clearTimeout(timer);
  clearTimeout(phaseTimer);
  clearTimeout(late);
  signal.removeEventListener('abort', onAbort);
  return answer;
}

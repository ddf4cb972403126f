import { setTimeout as sleep } from 'node:timers/promises';
import { status as Code } from '@grpc/grpc-js';
import { isServiceError, statusDetails } from './status.js';

/** How long to go on with what has failed, in ms. */
export interface RetryPolicy {
  /** How long after the first failure in a row a call is tried again. */
  readonly patience: number;
  /** The pause before the first try; each next one is twice as long, less up to a fifth at random. */
  readonly firstPause: number;
  readonly longestPause: number;
  /** How long a stream may last. The server ends one after two minutes, so one that lasts longer may hang on a dead connection. */
  readonly longestStream: number;
}

export const DEFAULT_RETRY: RetryPolicy = {
  patience: 60_000,
  firstPause: 100,
  longestPause: 10_000,
  longestStream: 5 * 60_000,
};

/** The failures in a row of one call. */
export interface Backoff {
  /** Waits before the next try, or throws the error: when trying again is no use, or has been for too long. */
  wait(error: unknown, signal?: AbortSignal): Promise<void>;
  /** Forgets the failures: the call goes on. */
  reset(): void;
}

export function openBackoff({
  patience,
  firstPause,
  longestPause,
}: Omit<RetryPolicy, 'longestStream'>): Backoff {
  let since: number | undefined;
  let pause = firstPause;
  return {
    async wait(error, signal) {
      if (!isTransient(error)) throw error;
      const now = performance.now();
      since ??= now;
      const asked = (isServiceError(error) && statusDetails(error).retryDelay) || 0;
      const wait = Math.max(Math.min(pause, longestPause) * (1 - Math.random() / 5), asked);
      if (now + wait - since > patience) throw error;
      pause *= 2;
      await sleep(wait, undefined, signal && { signal }).catch((error: unknown) => {
        signal?.throwIfAborted();
        throw error;
      });
    },
    reset() {
      since = undefined;
      pause = firstPause;
    },
  };
}

/** Calls until it succeeds, or until `wait` of a backoff gives up. */
export async function retrying<T>(
  policy: Omit<RetryPolicy, 'longestStream'>,
  call: () => Promise<T>,
): Promise<T> {
  const backoff = openBackoff(policy);
  for (;;) {
    try {
      return await call();
    } catch (error) {
      await backoff.wait(error);
    }
  }
}

/** Whether the way to the server failed, or the server asks for another try. */
function isTransient(error: unknown): boolean {
  if (!isServiceError(error)) return false;
  const { isFromSpark, condition, retryDelay } = statusDetails(error);
  if (retryDelay !== undefined) return true;
  switch (error.code) {
    case Code.UNAVAILABLE:
    case Code.DEADLINE_EXCEEDED:
      return true;
    case Code.CANCELLED:
    case Code.INTERNAL:
      // A stream of HTTP/2 that was reset, by a proxy or by a server that ends, has these codes too.
      return !isFromSpark || condition === 'INVALID_CURSOR.DISCONNECTED';
    default:
      return false;
  }
}

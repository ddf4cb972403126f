import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Channel } from './channel.js';
import type { ExecutePlanResponse, SparkPlan } from './messages.js';
import { openBackoff, retrying, type RetryPolicy } from './retry.js';
import { isOverdue, isServiceError, statusDetails } from './status.js';

export interface ExecuteOptions {
  readonly retry: RetryPolicy;
  readonly signal?: AbortSignal | undefined;
}

/** In ms, for what the server does at once. */
const callDeadline = ({ patience }: RetryPolicy): number => Math.min(10_000, patience);

/**
 * Has the server run a plan, and gives its responses in order, each once. A stream that ends or tears before the result is
 * complete goes on where it was, in another stream. When the caller stops early or aborts, the server stops too.
 */
export async function* execute(
  channel: Channel,
  plan: SparkPlan,
  { retry, signal }: ExecuteOptions,
): AsyncGenerator<ExecutePlanResponse, void, undefined> {
  const operation = randomUUID();
  const backoff = openBackoff(retry);
  let isKnown = false;
  let last: string | undefined;
  let isComplete = false;
  try {
    while (!isComplete) {
      signal?.throwIfAborted();
      const before = last;
      const start = performance.now();
      try {
        const attachment = isKnown ? { operation, last } : { operation, plan };
        for await (const response of attach(channel, attachment, { retry, signal })) {
          backoff.reset();
          if (response.response_id !== '') last = response.response_id;
          if (response.response_type === 'result_complete') isComplete = true;
          else yield response;
        }
        isKnown = true;
        backoff.reset();
        // A server that keeps ending streams at once must not keep both sides busy.
        if (!isComplete && last === before) await sleep(retry.firstPause);
      } catch (error) {
        if (isComplete) break;
        signal?.throwIfAborted();
        if (isOverdue(error)) await checkAlive(channel, retry);
        // A stream that held for so long went well, even without a word.
        if (performance.now() - start > retry.patience) backoff.reset();
        // The request that began the operation may have been lost on its way, or only its answer.
        const neverArrived: boolean = isKnown && last === undefined && isUnknownOperation(error);
        if (!neverArrived) await backoff.wait(error, signal);
        isKnown = !neverArrived;
      }
    }
  } finally {
    // The server interrupts what still runs, and forgets the responses that it keeps for another stream.
    await channel
      .call('ReleaseExecute', { operation_id: operation, release_all: {} }, callDeadline(retry))
      .catch(() => undefined);
  }
}

type Attachment =
  | { readonly operation: string; readonly plan: SparkPlan }
  | { readonly operation: string; readonly last: string | undefined };

/** One stream of an operation, until it ends, tears, or is no longer wanted. */
async function* attach(
  channel: Channel,
  attachment: Attachment,
  { retry, signal }: ExecuteOptions,
): AsyncGenerator<ExecutePlanResponse, void, undefined> {
  const { operation: operation_id } = attachment;
  const stream =
    'plan' in attachment
      ? channel.stream(
          'ExecutePlan',
          {
            operation_id,
            plan: attachment.plan,
            request_options: [{ reattach_options: { reattachable: true } }],
          },
          retry.longestStream,
        )
      : channel.stream(
          'ReattachExecute',
          { operation_id, ...(attachment.last !== undefined && { last_response_id: attachment.last }) },
          retry.longestStream,
        );
  const cancel = (): void => stream.cancel();
  // The call reports its cancellation as an error of the stream, when nobody reads it any more.
  stream.on('error', () => undefined);
  signal?.addEventListener('abort', cancel);
  try {
    yield* stream as AsyncIterable<ExecutePlanResponse>;
  } finally {
    signal?.removeEventListener('abort', cancel);
    cancel();
  }
}

/** A stream that was silent for long is no proof of a dead connection; a server that does not answer at all is. */
async function checkAlive(channel: Channel, retry: RetryPolicy): Promise<void> {
  await retrying(retry, () => channel.call('AnalyzePlan', { spark_version: {} }, callDeadline(retry)));
}

function isUnknownOperation(error: unknown): boolean {
  return isServiceError(error) && statusDetails(error).condition === 'INVALID_HANDLE.OPERATION_NOT_FOUND';
}

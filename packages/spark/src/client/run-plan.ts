import type { Channel } from './channel.js';
import { execute } from './execute.js';
import type {
  ExecutePlanResponse,
  ExecutionProgress,
  QueryMetrics,
  Relation,
  SparkCommand,
  SparkPlan,
} from './messages.js';
import type { RetryPolicy } from './retry.js';
import { rowsOf, type SparkRow } from './rows.js';
import { toEngineError } from './to-engine-error.js';

export interface QueryOptions {
  readonly signal?: AbortSignal | undefined;
  /** Is told how far the query is, about every two seconds. */
  readonly onProgress?: ((progress: ExecutionProgress) => void) | undefined;
  /** Is told what was counted, in the end. */
  readonly onMetrics?: ((metrics: QueryMetrics) => void) | undefined;
}

/** What the plans of a session run on. */
export interface PlanContext {
  readonly channel: Channel;
  readonly retry: RetryPolicy;
  readonly applicationId: string | undefined;
}

/** The rows of a query, as they come. */
export async function* runQuery(
  context: PlanContext,
  query: string,
  options: QueryOptions = {},
): AsyncGenerator<SparkRow, void, undefined> {
  for await (const { arrow_batch: batch } of runPlan(context, { root: relation(query) }, options)) {
    if (batch) yield* rowsOf(batch.data);
  }
}

/** Runs a command to its end. */
export async function runCommand(
  context: PlanContext,
  command: SparkCommand,
  options: QueryOptions = {},
): Promise<void> {
  for await (const _ of runPlan(context, { command }, options));
}

/** A query as a part of a plan. */
export function relation(query: string): Relation {
  return { common: { plan_id: 1 }, sql: { query } };
}

async function* runPlan(
  { channel, retry, applicationId }: PlanContext,
  plan: SparkPlan,
  { signal, onProgress, onMetrics }: QueryOptions,
): AsyncGenerator<ExecutePlanResponse, void, undefined> {
  try {
    for await (const response of execute(channel, plan, { retry, signal })) {
      if (response.execution_progress) onProgress?.(response.execution_progress);
      if (response.metrics) onMetrics?.(response.metrics);
      yield response;
    }
  } catch (error) {
    throw await toEngineError(error, channel, applicationId);
  }
}

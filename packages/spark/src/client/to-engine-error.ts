import { status as Code, type ServiceError } from '@grpc/grpc-js';
import { EngineError } from '../engine-error.js';
import type { Channel } from './channel.js';
import type { ErrorDetail } from './messages.js';
import { isServiceError, statusDetails, statusName } from './status.js';

/** In ms. */
const DETAILS_DEADLINE = 10_000;

/** What a failed call means to a person, with all that the server tells of it when asked. What is no failed call stays as it is. */
export async function toEngineError(
  error: unknown,
  channel: Channel,
  applicationId: string | undefined,
): Promise<unknown> {
  if (!isServiceError(error)) return error;
  const { errorId, condition, sqlState } = statusDetails(error);
  const chain = errorId === undefined ? [] : await fetchChain(channel, errorId);
  const throwable = chain.find(({ spark_throwable: own }) => own?.error_class)?.spark_throwable;
  const messages = chain.map(({ message }) => message).filter((message) => message !== '');
  return new EngineError(
    messages[0] ?? messageOf(error, condition, channel.name),
    {
      applicationId,
      sqlState: throwable?.sql_state ?? sqlState,
      condition: throwable?.error_class ?? condition,
      status: statusName(error),
      ...(messages.length > 0 ? { chain: messages } : { chain: [error.details] }),
    },
    { cause: error },
  );
}

/** The error of a connection that never came about. */
export function unreachable(error: unknown, name: string): unknown {
  if (!isServiceError(error)) return error;
  const { condition, sqlState } = statusDetails(error);
  const isSilent = error.code === Code.UNAVAILABLE || error.code === Code.DEADLINE_EXCEEDED;
  const message = isSilent
    ? `No Spark Connect server answers at ${name}: start one (sbin/start-connect-server.sh of Spark 4), or correct ` +
      `"remote": its address, and use_ssl=true if the server speaks TLS (${error.details})`
    : messageOf(error, condition, name);
  const details = { condition, sqlState, status: statusName(error), chain: [error.details] };
  return new EngineError(message, details, { cause: error });
}

function messageOf({ code, details }: ServiceError, condition: string | undefined, name: string): string {
  if (condition === 'INVALID_HANDLE.SESSION_CHANGED' || condition === 'INVALID_HANDLE.SESSION_NOT_FOUND') {
    return `The Spark Connect server at ${name} was started anew, and its sessions are gone: run the plan again (${details})`;
  }
  switch (code) {
    case Code.UNAVAILABLE:
    case Code.DEADLINE_EXCEEDED:
    case Code.CANCELLED:
      return `The Spark Connect server at ${name} answers no more: see its log, and run the plan again (${details})`;
    case Code.UNAUTHENTICATED:
    case Code.PERMISSION_DENIED:
      return `The Spark Connect server at ${name} refuses the session: set or correct the token of "remote" (${details})`;
    case Code.UNIMPLEMENTED:
      return `What answers at ${name} is no Spark Connect server: correct "remote" (${details})`;
    default:
      return details;
  }
}

/** The error and its causes, outermost first. The server forgets them after a while, and may be gone. */
async function fetchChain(channel: Channel, errorId: string): Promise<readonly ErrorDetail[]> {
  try {
    const { root_error_idx: root, errors } = await channel.call(
      'FetchErrorDetails',
      { error_id: errorId },
      DETAILS_DEADLINE,
    );
    const chain: ErrorDetail[] = [];
    for (let at = root; at !== undefined && chain.length < errors.length; at = errors[at]?.cause_idx) {
      const error = errors[at];
      if (error === undefined) break;
      chain.push(error);
    }
    return chain;
  } catch {
    return [];
  }
}

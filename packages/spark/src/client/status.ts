import { status as Code, type ServiceError } from '@grpc/grpc-js';
import { wire } from './wire.js';

/** What a failed call says beside its code and its text. */
export interface StatusDetails {
  /** The id by which the server tells more of the error. */
  readonly errorId: string | undefined;
  readonly condition: string | undefined;
  readonly sqlState: string | undefined;
  /** How many ms the server wants the client to wait before it tries again. */
  readonly retryDelay: number | undefined;
  /** Whether Spark itself wrote the error, rather than the transport. */
  readonly isFromSpark: boolean;
}

/** Reads the details that come with a status, as much of them as can be read. */
export function statusDetails(error: ServiceError): StatusDetails {
  const [binary] = error.metadata.get('grpc-status-details-bin');
  let info: Record<string, string> | undefined;
  let retryDelay: number | undefined;
  for (const { type_url: type, value } of typeof binary === 'object' ? anyOf(binary) : []) {
    if (type.endsWith('/google.rpc.ErrorInfo')) {
      info = (read('google.rpc.ErrorInfo', value) as ErrorInfo | undefined)?.metadata;
    } else if (type.endsWith('/google.rpc.RetryInfo')) {
      const delay = (read('google.rpc.RetryInfo', value) as RetryInfo | undefined)?.retry_delay;
      if (delay) retryDelay = delay.seconds * 1000 + delay.nanos / 1e6;
    }
  }
  return {
    errorId: info?.['errorId'],
    condition: info?.['errorClass'],
    sqlState: info?.['sqlState'],
    retryDelay,
    isFromSpark: info !== undefined,
  };
}

/** The name of a code, such as `UNAVAILABLE`. */
export function statusName(error: ServiceError): string {
  return Code[error.code];
}

/** Whether a call failed for want of time alone. */
export function isOverdue(error: unknown): boolean {
  return isServiceError(error) && error.code === Code.DEADLINE_EXCEEDED;
}

/** Whether what was caught is a failed call. */
export function isServiceError(error: unknown): error is ServiceError {
  return (
    error instanceof Error && typeof (error as Partial<ServiceError>).code === 'number' && 'details' in error
  );
}

interface ErrorInfo {
  readonly metadata: Record<string, string>;
}

interface RetryInfo {
  readonly retry_delay?: { readonly seconds: number; readonly nanos: number } | null;
}

interface Any {
  readonly type_url: string;
  readonly value: Buffer;
}

interface Status {
  readonly details: readonly Any[];
}

function anyOf(binary: Buffer): readonly Any[] {
  return (read('google.rpc.Status', binary) as Status | undefined)?.details ?? [];
}

function read(name: string, bytes: Buffer): object | undefined {
  try {
    return wire().message(name).deserialize(bytes);
  } catch {
    // Details that cannot be read must not hide the error that they belong to.
    return undefined;
  }
}

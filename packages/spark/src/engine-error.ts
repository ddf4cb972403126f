import { ForkfoldError } from '@forkfold/core';

/** What an `EngineError` knows beside its message. */
export interface EngineErrorDetails {
  /** Spark's id of the application, by which its logs are found; `undefined` while no server has answered. */
  readonly applicationId?: string | undefined;
  /** The SQLSTATE that Spark gave. */
  readonly sqlState?: string | undefined;
  /** Spark's name of the error, such as `PARSE_SYNTAX_ERROR`. */
  readonly condition?: string | undefined;
  /** How the call ended, in gRPC's words, such as `UNAVAILABLE`. */
  readonly status?: string | undefined;
  /** The messages of the error and of what caused it, outermost first. */
  readonly chain?: readonly string[] | undefined;
}

/** Spark is to blame, or the way to it: it does not answer, it refuses, or it failed where no code of the user ran. */
export class EngineError extends ForkfoldError {
  readonly code = 'ERR_FORKFOLD_ENGINE';
  /** Spark's id of the application, by which its logs are found; `undefined` while no server has answered. */
  readonly applicationId: string | undefined;
  /** The SQLSTATE that Spark gave. */
  readonly sqlState: string | undefined;
  /** Spark's name of the error, such as `PARSE_SYNTAX_ERROR`. */
  readonly condition: string | undefined;
  /** How the call ended, in gRPC's words, such as `UNAVAILABLE`. */
  readonly status: string | undefined;
  /** The messages of the error and of what caused it, outermost first. */
  readonly chain: readonly string[];

  constructor(message: string, details: EngineErrorDetails = {}, options?: { cause?: unknown }) {
    super(message, options);
    this.applicationId = details.applicationId;
    this.sqlState = details.sqlState;
    this.condition = details.condition;
    this.status = details.status;
    this.chain = details.chain ?? [message];
  }
}

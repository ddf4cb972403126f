/** The messages of proto/spark-connect.proto that the client sends and reads, as the loader of protos gives them. */

/** What every request says of its session. */
export interface Envelope {
  readonly session_id: string;
  readonly user_context: { readonly user_id: string; readonly user_name: string };
  readonly client_type: string;
  readonly client_observed_server_side_session_id?: string;
}

export interface Relation {
  readonly common: { readonly plan_id: number };
  readonly sql: { readonly query: string };
}

/** What becomes of a path at which something is. */
export type SaveMode =
  'SAVE_MODE_APPEND' | 'SAVE_MODE_OVERWRITE' | 'SAVE_MODE_ERROR_IF_EXISTS' | 'SAVE_MODE_IGNORE';

export interface WriteOperation {
  readonly input: Relation;
  readonly source: string;
  readonly path: string;
  readonly mode: SaveMode;
  readonly options?: Readonly<Record<string, string>>;
}

export type SparkCommand =
  { readonly sql_command: { readonly input: Relation } } | { readonly write_operation: WriteOperation };

/** A query, whose rows are wanted, or a command. */
export type SparkPlan = { readonly root: Relation } | { readonly command: SparkCommand };

export interface KeyValue {
  readonly key: string;
  readonly value?: string;
}

export interface ArtifactChunk {
  readonly data: Uint8Array;
  readonly crc: number;
}

/** One message of the stream that brings files to a session. */
export type ArtifactMessage =
  | {
      readonly batch: {
        readonly artifacts: readonly { readonly name: string; readonly data: ArtifactChunk }[];
      };
    }
  | {
      readonly begin_chunk: {
        readonly name: string;
        readonly total_bytes: number;
        readonly num_chunks: number;
        readonly initial_chunk: ArtifactChunk;
      };
    }
  | { readonly chunk: ArtifactChunk };

export interface StageInfo {
  readonly stage_id: number;
  readonly num_tasks: number;
  readonly num_completed_tasks: number;
  readonly input_bytes_read: number;
  readonly done: boolean;
}

/** How far a query is. */
export interface ExecutionProgress {
  readonly stages: readonly StageInfo[];
  readonly num_inflight_tasks: number;
}

/** What the operators of a query have counted, by names such as `spillSize`. */
export interface QueryMetrics {
  readonly metrics: readonly {
    readonly execution_metrics: Readonly<Record<string, { readonly name: string; readonly value: number }>>;
  }[];
}

/** What every response says of the session. */
export interface Answer {
  readonly server_side_session_id: string;
}

export interface ExecutePlanResponse extends Answer {
  readonly response_id: string;
  readonly response_type?: 'arrow_batch' | 'result_complete' | 'execution_progress';
  readonly arrow_batch?: { readonly row_count: number; readonly data: Uint8Array };
  readonly execution_progress?: ExecutionProgress;
  readonly metrics?: QueryMetrics | null;
}

/** One error of a chain, whose cause is another one of the list. */
export interface ErrorDetail {
  readonly error_type_hierarchy: readonly string[];
  readonly message: string;
  readonly cause_idx?: number;
  readonly spark_throwable?: { readonly error_class?: string; readonly sql_state?: string } | null;
}

/** The methods that answer once, by name: what they are given beside the envelope, and their answer. */
export interface Calls {
  AnalyzePlan: {
    request: { readonly spark_version: Record<string, never> };
    response: Answer & { readonly spark_version?: { readonly version: string } };
  };
  Config: {
    request: {
      readonly operation:
        | { readonly set: { readonly pairs: readonly KeyValue[] } }
        | { readonly get_option: { readonly keys: readonly string[] } };
    };
    response: Answer & { readonly pairs: readonly KeyValue[] };
  };
  Interrupt: {
    request: { readonly interrupt_type: 'INTERRUPT_TYPE_ALL' };
    response: Answer & { readonly interrupted_ids: readonly string[] };
  };
  ReleaseExecute: {
    request: { readonly operation_id: string; readonly release_all: Record<string, never> };
    response: Answer;
  };
  ReleaseSession: { request: Record<string, never>; response: Answer };
  FetchErrorDetails: {
    request: { readonly error_id: string };
    response: Answer & { readonly root_error_idx?: number; readonly errors: readonly ErrorDetail[] };
  };
}

/** The methods that answer with a stream. */
export interface Streams {
  ExecutePlan: {
    readonly operation_id: string;
    readonly plan: SparkPlan;
    readonly request_options: readonly [{ readonly reattach_options: { readonly reattachable: true } }];
  };
  ReattachExecute: { readonly operation_id: string; readonly last_response_id?: string };
}

// Sources
export { from, range, textLines, byteChunks, files, type TextLinesOptions } from './dataset/from.js';
export { jsonLines, type JsonLinesOptions } from './dataset/json-lines.js';
export type {
  SchemaIssue,
  SchemaPathSegment,
  SchemaResult,
  StandardSchema,
} from './dataset/standard-schema.js';
export type { Items } from './source/items.js';
export type { FileInfo, Paths } from './source/paths.js';

// Datasets, plans and jobs
export { Dataset, type Pair } from './dataset/dataset.js';
export type { Widen } from './dataset/widen.js';
export { Plan } from './dataset/plan.js';
export { defineJob } from './dataset/job.js';
export type { WriteOptions, WrittenFiles } from './dataset/write.js';

// One call
export { mapReduce, parallelMap, type MapReduceFunctions } from './dataset/map-reduce.js';

// Aggregators
export type { Aggregator } from './dataset/aggregator.js';
export { sum, count, min, max, mean, variance, histogram, toSet } from './dataset/aggregators.js';
export { topN, type Rank, type RankedRecords } from './dataset/top-n.js';
export type { Aggregated, Moments, SetOfRecords } from './dataset/aggregators.js';

// How to run
export { createPool, type PoolOptions } from './pool/create-pool.js';
export type { Pool } from './pool/pool.js';
export type { RunOptions } from './options.js';
export type { SkippedRecord } from './transport/messages.js';
export type { Progress } from './progress.js';
export type {
  RunReport,
  ReportedError,
  StageReport,
  AttemptCounts,
  DiskUse,
  MemoryUse,
  SkippedReport,
  OutputReport,
} from './report.js';

// Errors
export {
  ForkfoldError,
  OptionError,
  SourceError,
  JobError,
  TaskError,
  SerializationError,
  WorkerCrashError,
  TaskTimeoutError,
  EmptyReduceError,
  type RecordPosition,
  type TaskErrorDetails,
  type AttemptDetails,
  type CrashDetails,
} from './errors.js';

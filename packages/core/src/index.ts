// Sources
export { from, range, textLines, byteChunks, files, type TextLinesOptions } from './api/from.js';
export type { WithPath } from './api/with-path.js';
export { csv } from './api/csv.js';
export type {
  CsvColumns,
  CsvOptions,
  CsvRow,
  CsvSchemaOptions,
  CsvValues,
  WithNulls,
  WithPartitions,
} from './api/csv-options.js';
export type { ColumnType } from './source/csv/csv-format.js';
export { jsonLines, type JsonLinesOptions } from './api/json-lines.js';
export type {
  SchemaIssue,
  SchemaPathSegment,
  SchemaResult,
  StandardSchema,
} from './checks/standard-schema.js';
export type { Items } from './source/items.js';
export type { FileInfo, Paths } from './source/files/paths.js';

// Datasets, plans and jobs
export { Dataset, type Pair } from './api/dataset.js';
export type { Widen } from './api/widen.js';
export { Plan } from './api/plan.js';
export { together, type Together } from './api/together.js';
export type { ExplainedInput, ExplainedStage, Explanation } from './run/explanation.js';
export { defineJob } from './api/define-job.js';
export type { FieldName, FunctionOf } from './api/field-name.js';
export { desc, type Descending, type SortKey, type SortKeys, type SortPart } from './api/sort-keys.js';
export type { PartitionBy, WriteCsvOptions, WriteOptions } from './api/write.js';
export type { PartitionValue } from './plan/partition-name.js';
export type { WrittenFiles } from './plan/action.js';

// One call
export { mapReduce, parallelMap, type MapReduceFunctions } from './api/map-reduce.js';

// Aggregators
export type { Aggregator } from './fold/aggregator.js';
export { sum, count, min, max, mean, variance, stddev, toSet } from './fold/aggregators.js';
export { histogram } from './fold/histogram.js';
export { quantile, type QuantileOptions } from './fold/quantile.js';
export type { Sketch } from './fold/sketch.js';
export { countDistinct, type Distinct, type DistinctValues } from './fold/count-distinct.js';
export {
  first,
  last,
  mode,
  collect,
  type CollectAggregator,
  type Counts,
  type Picked,
  type PickingAggregator,
} from './fold/picked.js';
export type { FieldAggregator, FieldOf, Nothing, Value, WithField } from './fold/by-field.js';
export type { AggregatedByName, Aggregators, Folded } from './fold/by-name.js';
export { topN, type Rank, type RankedRecords } from './fold/top-n.js';
export type {
  CountAggregator,
  Moments,
  SetAggregator,
  SumAggregator,
  SumOptions,
} from './fold/aggregators.js';
export type { Aggregated, Form, IsAny, OfValues, SetOfRecords, Values } from './fold/results-of-fields.js';
export type { Grouped } from './api/dataset.js';

// Counters
export { counter, type Counter, type CounterValues } from './counters.js';

// Options and pools
export { createPool, type PoolOptions } from './api/create-pool.js';
export type { Pool } from './pool/pool.js';
export type { RunOptions } from './options/run-options.js';
export type { Engine } from './options/engine.js';

// Reports
export type { ProfileReport, ProfiledFunction } from './report/profile.js';
export type { SkippedRecord } from './protocol/reply.js';
export type { Eta, Progress } from './report/progress.js';
export type {
  EngineReport,
  RunReport,
  ReportedError,
  StageReport,
  AttemptCounts,
  DiskUse,
  MemoryUse,
  SkippedReport,
  OutputReport,
  ChunkSeconds,
  SlowChunk,
  LargestBucket,
  ChildReport,
  ParentReport,
  RestoredReport,
  Advice,
} from './report/run-report.js';
export type {
  RunReporter,
  RunSnapshot,
  RunMachine,
  StageDetails,
  TimeClass,
  TaskSpan,
  RunSample,
} from './report/run-snapshot.js';

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

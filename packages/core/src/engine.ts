/**
 * What packages that build on forkfold need, and users do not: sources and writers of other formats, other engines.
 * **Unstable**: it may change with any version, so such a package names the very version of forkfold that it was made for.
 *
 * @module
 */

// Code that is found by its module
export { portable, moduleRefOf, type ModuleRef } from './module-ref.js';

// Jobs
export { builderOf } from './api/define-job.js';

// Sources and readers
export { isDataset, sourceDataset } from './api/dataset.js';
export { fileSource } from './source/files/file-source.js';
export { checkPaths, expandPaths, type FoundFile } from './source/files/paths.js';
export { cutFiles } from './source/files/byte-ranges.js';
export type { BytesChunk, Compression, FileChunk, PackedChunk } from './source/files/bytes-chunk.js';
export type { RecordBlock } from './source/files/record-blocks.js';
export { openListed, readFully, type ListedFile, type OpenFile } from './source/files/listed-file.js';
export { fileReader, type BlockRecords, type RecordReader } from './source/readers/file-reader.js';
export { schemaCheck } from './source/readers/schema-check.js';
export { withPaths } from './source/readers/with-paths.js';
export { addColumns, partitionColumns, type PartitionEntries } from './source/readers/partition-columns.js';
export { columnsOf, someColumns } from './api/columns.js';
export type { CsvColumn } from './source/csv/csv-format.js';
export { BadRecord } from './source/bad-record.js';
export {
  NO_RECORD,
  type Batch,
  type Batches,
  type ChunkOptions,
  type ChunkReader,
  type Cut,
  type Source,
  type SourceChunk,
} from './source/source.js';
export {
  aBoolean,
  aFunction,
  checkArgument,
  checkArguments,
  positiveInteger,
  type Rule,
} from './checks/check-arguments.js';
export { suggestName, suggestNear } from './checks/nearest-name.js';
export { aSchema } from './checks/standard-schema.js';

// Writers of parts
export { writePlan } from './api/write-plan.js';
export type { PartsFormat, WriteOptions } from './api/write.js';
export type { PartEncoder, PartFormat } from './task/sinks/part-format.js';

// Plans, as data
export { compile, type UncutPlan } from './plan/compile.js';
export type { Action } from './plan/action.js';
export type { CompiledPlan, WireBranch, WireFunction, WireInput, WireStage } from './plan/compiled-plan.js';
export { cutPlan, type CutPlan, type CutStage } from './run/cut-plan.js';
export { StageOutputs } from './run/stage-outputs.js';
export { fixedSpan, tasksOf } from './run/tasks.js';
export { openUndo } from './run/undo.js';
export { alignedSpans } from './run/aligned-spans.js';
export { planSort } from './shuffle/sort/plan-sort.js';

// Tasks, wherever they run
export { loadRun, type LoadedRun } from './task/load-run.js';
export { failureOf, loadedReply, runTask } from './task/run-task.js';
export type { ImportModule } from './task/import-module.js';
export { parkRuns } from './task/parking.js';
export type { TaskPlace } from './task/task-context.js';
export { openRunDirectory, type RunDirectory } from './disk/run-directory.js';
export { runDirectory, type OwnRunDirectory } from './disk/own-run-directory.js';
export { processPool } from './pool/process-pool.js';
export type { ProcessPoolOptions } from './pool/launch.js';
export { DiskUse } from './blocks/disk-use.js';
export type { MapOutput, Segment } from './blocks/segment.js';
export type { RunDescription } from './protocol/run-description.js';
export type { Failure } from './protocol/failure.js';
export type { Part, Skipped, TaskDone, TaskReply } from './protocol/reply.js';
export type { TaskChunk, TaskMessage } from './protocol/task-message.js';
export type { TaskResult } from './protocol/task-result.js';
export { decode, encode } from './values/codec.js';
export { decodeThrown, encodeThrown } from './values/error-codec.js';

// Results
export { foldCollector, recordCollector, type Collector } from './run/collector.js';
export { countingAction } from './run/counting-action.js';
export { Counts, type CounterValues } from './counters.js';
export { foldingOf, type Folding } from './run/fold-in-children.js';
export { openPool } from './run/open-pool.js';
export type { TaskRunner } from './run/task-runner.js';
export { FailedStarts } from './run/failed-starts.js';
export { partCollector } from './run/part-collector.js';
export { recordBlocks } from './run/result-blocks.js';
export { OutputDirectory } from './output/output-directory.js';
export { toError } from './run/to-error.js';
export { openBooks, type Books } from './run/books.js';
export { now } from './timers.js';
export { observers, type EndEvent, type RunObserver } from './report/observer.js';
export { checkOptions } from './options/check-options.js';
export { optionRows, type OptionRow } from './options/option-rows.js';
export { inheritedExecArgv } from './pool/exec-argv.js';
export { maxSkipped, shuffleMemory, type Settings } from './options/settings.js';

export { spark, type SparkEngine } from './spark.js';
export type { SparkConnectOptions, SparkOptions, SparkRunOptions, SparkSqlOptions } from './spark-options.js';
export type { DoctorReport, ExecutorReport } from './doctor/doctor.js';
export { EngineError, type EngineErrorDetails } from './engine-error.js';

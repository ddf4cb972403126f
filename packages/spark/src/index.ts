export { spark, type SparkEngine } from './spark.js';
export type { SparkOptions } from './spark-options.js';
export type { DoctorReport, ExecutorReport } from './doctor/doctor.js';
export { EngineError, type EngineErrorDetails } from './engine-error.js';

// Sources
export { parquet } from './parquet.js';
export type {
  FilterValue,
  ParquetColumns,
  ParquetColumnType,
  ParquetCondition,
  ParquetConditions,
  ParquetFilter,
  ParquetOptions,
  ParquetRow,
  ParquetSchemaOptions,
  ParquetValues,
  WithNulls,
} from './parquet-options.js';

// Writers
export { writeParquet } from './write-parquet.js';
export type { ParquetCodec, ParquetType, WriteParquetOptions } from './write-options.js';

import { defineJob, type Dataset } from '@forkfold/core';
import squareOf, { type Work } from './die-once.js';

export const squares = defineJob(import.meta.url, (works: Dataset<Work>) => works.map(squareOf).toArray());

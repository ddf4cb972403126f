import { ThreadWorker } from 'poolifier';
import sumOfChunk from './sum-of-chunk.js';

export default new ThreadWorker<Uint8Array, bigint>((numbers) => sumOfChunk(numbers!));

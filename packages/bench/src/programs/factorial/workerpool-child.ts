import workerpool from 'workerpool';
import sumOfChunk from './sum-of-chunk.js';

workerpool.worker({ sumOfChunk });

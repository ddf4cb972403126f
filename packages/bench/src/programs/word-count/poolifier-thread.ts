import { ThreadWorker } from 'poolifier';
import countRange, { type ByteRange } from './count-range.js';

export default new ThreadWorker<ByteRange, Map<string, number>>((range) => countRange(range!));

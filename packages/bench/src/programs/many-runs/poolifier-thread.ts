import { ThreadWorker } from 'poolifier';
import double from './double.js';

export default new ThreadWorker<number, number>((n) => double(n!));

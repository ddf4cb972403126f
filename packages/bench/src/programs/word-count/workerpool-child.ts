import workerpool from 'workerpool';
import countRange from './count-range.js';

workerpool.worker({ countRange });

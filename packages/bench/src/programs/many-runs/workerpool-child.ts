import workerpool from 'workerpool';
import double from './double.js';

workerpool.worker({ double });

import workerpool from 'workerpool';
import squareOf from './die-once.js';

workerpool.worker({ squareOf });

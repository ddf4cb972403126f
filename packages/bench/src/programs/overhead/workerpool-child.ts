import workerpool from 'workerpool';
import noOp from './no-op.js';

workerpool.worker({ noOp });

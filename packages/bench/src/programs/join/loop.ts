import { timed } from '../../measure/report.js';
import { partOf } from '../line-blocks.js';
import { paidIn, ratesOf } from './rates-and-payments.js';

const [, , directory = ''] = process.argv;

await timed(() => paidIn(directory, partOf([]), ratesOf(directory)));

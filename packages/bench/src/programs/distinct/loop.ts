import { timed } from '../../measure/report.js';
import { partOf } from '../line-blocks.js';
import { distinctOf, verdictOf } from './distinct-of.js';

const [, , path = ''] = process.argv;

await timed(() => verdictOf(distinctOf(path, partOf([]))));

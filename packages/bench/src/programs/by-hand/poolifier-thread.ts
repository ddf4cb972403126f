import { workerData } from 'node:worker_threads';
import { ThreadWorker } from 'poolifier';

const module = (await import(workerData as string)) as { default: (task: unknown) => unknown };

export default new ThreadWorker((task) => module.default(task));

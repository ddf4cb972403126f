import workerpool from 'workerpool';

const module = (await import(process.argv[2]!)) as { default: (task: unknown) => unknown };

workerpool.worker({ work: module.default });

import type { ExplainedStage, Explanation } from './explanation.js';

/** An explanation as a small tree. */
export function explanationText({
  stages,
  processes,
  engines,
  checkpoint,
}: Pick<Explanation, 'stages' | 'processes' | 'engines' | 'checkpoint'>): string {
  const lines = stages.flatMap((stage, i) => stageLines(stage, i));
  const where =
    processes === 0 ? 'in this process' : `in ${processes} child process${processes > 1 ? 'es' : ''}`;
  return [
    `Plan of ${stages.length} stage${stages.length > 1 ? 's' : ''}, ${where}`,
    ...lines,
    `├─ a checkpoint would hold ${checkpoint}`,
    `└─ engines that could run it: ${engines.join(', ')}`,
  ].join('\n');
}

function stageLines(
  { inputs, sink, plans, beside, chunks, tasks, bytes, buckets, spills }: ExplainedStage,
  number: number,
): string[] {
  const size = bytes === undefined || bytes === 0 ? '' : `, ${inUnits(bytes)}`;
  const whose = plans === undefined ? '' : ` of ${plans.join(', ')}`;
  const split =
    beside !== undefined
      ? `in the pass of stage ${beside + 1}`
      : chunks === undefined
        ? 'chunks as the source gives them'
        : `${counted(chunks, 'chunk')}${size}, at most ${counted(tasks!, 'task')}`;
  return [
    `├─ stage ${number + 1}${whose}: ${split}`,
    ...inputs.map(({ from, stage, verbs }) => {
      const source = stage === undefined ? from : `${from} of stage ${stage + 1}`;
      return `│  ├─ ${[source, ...verbs].join(' -> ')}`;
    }),
    `│  ├─ into ${sink}${buckets === undefined ? '' : `, ${counted(buckets, 'bucket')}`}`,
    `│  └─ on the disk: ${spills}`,
  ];
}

/** A number of things. */
export function counted(n: number, what: string): string {
  return `${n} ${what}${n === 1 ? '' : 's'}`;
}

function inUnits(bytes: number): string {
  const power = Math.min(4, Math.floor(Math.log(Math.max(1, bytes)) / Math.log(1024)));
  const value = bytes / 1024 ** power;
  return `${power === 0 ? value : value.toPrecision(3)} ${['B', 'KiB', 'MiB', 'GiB', 'TiB'][power]!}`;
}

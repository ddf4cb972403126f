import type { Advice, RunReport, StageReport } from './run-report.js';
import type { StageCalls } from './stage-books.js';

/** What advice depends on besides the report. */
export interface AdviceFacts {
  /** Processors that this process may use. */
  readonly cores: number;
  /** The option, in MB. */
  readonly memoryLimit?: number | undefined;
  /** The part of the children's time that went into moving tasks and results, 0 to 1. */
  readonly movingShare: number;
  /** For each stage, the calls of its asynchronous functions. */
  readonly calls: readonly (StageCalls | undefined)[];
}

type Facts = Omit<RunReport, 'advice'> & AdviceFacts;

/** A run that takes less, in seconds, needs no advice, but for that it is too small. */
const LONG = 0.5;
/** With so much memory for a child a keyed verb has as much for its tables as it ever takes, in MB. */
const ENOUGH_MEMORY = 384;
/** Less is worth no word. */
const SPILLED = 2 ** 20;

/** What to change so that such a run is faster, in plain words; what matters most comes first. */
export function adviceOf(report: Omit<RunReport, 'advice'>, facts: AdviceFacts): Advice[] {
  const all = { ...report, ...facts };
  return [
    ...all.stages.flatMap((stage, i) => ofStage(stage, i, all)),
    ...all.calls.flatMap((calls, i) => (calls === undefined ? [] : ofCalls(calls, i, all))),
    // The processes of another engine share no cores of this machine.
    ...(all.processes > 0 && all.engine === undefined ? ofProcesses(all) : []),
    ...ofEngine(all),
    ...ofMemory(all),
    ...ofParent(all),
  ];
}

function ofStage(stage: StageReport, i: number, { processes }: Facts): Advice[] {
  const { chunkSeconds, slowest, chunks, seconds, largestBucket, sink } = stage;
  const [worst] = slowest;
  const given: Advice[] = [];
  if (processes > 1 && worst !== undefined && seconds >= LONG && worst.seconds > seconds / 2) {
    const whose = worst.file === undefined ? '' : ` (${worst.file})`;
    if (/\.(?:gz|br|zst)$/.test(worst.file ?? '')) {
      given.push({
        code: 'compressed-file',
        text: `One child read ${worst.file!} for ${inSeconds(worst.seconds)} of the ${inSeconds(seconds)} of stage ${i + 1}: a compressed file cannot be split`,
        remedy: 'give it uncompressed, or as many files of about equal size',
      });
    } else if (chunks > 1 && worst.seconds > 4 * chunkSeconds.median) {
      given.push({
        code: 'slow-chunk',
        text: `Chunk ${worst.chunk}${whose}, one of ${chunks}, took ${inSeconds(worst.seconds)} of the ${inSeconds(seconds)} of stage ${i + 1}, while most took ${inSeconds(chunkSeconds.median)}`,
        remedy:
          worst.records > 1
            ? 'make chunks smaller (chunkSize, chunkBytes), or look at its records'
            : 'look at its record: a single one cannot be split',
      });
    }
  }
  const spread = Object.hasOwn(spreading, sink) ? spreading[sink] : undefined;
  if (spread !== undefined && largestBucket !== undefined) {
    const { key, share, records } = largestBucket;
    if (share > 0.3 && records >= 1000) {
      given.push({
        code: 'hot-key',
        text: `The key ${JSON.stringify(key)} holds ${inPercent(share)} of the records of ${sink}, and one child works on all of them`,
        remedy: spread,
      });
    }
  }
  return given;
}

const COMBINE =
  'use reduceByKey or aggregateByKey, which combine before they move records, or add something to the key that spreads it';
const BROADCAST = 'use broadcastJoin where one side is small, or add something to the key that spreads it';

/** What helps against a hot key, by verb: those that are not here combine the records of a key before they move them. */
const spreading: Readonly<Record<string, string>> = {
  groupByKey: COMBINE,
  mapReduce: 'give mapReduce a combine, or add something to the key that spreads it',
  cogroup: BROADCAST,
  semiJoin: BROADCAST,
  antiJoin: BROADCAST,
  sortBy:
    'sort by a second key, too, as in sortBy([key, other]): then several children can share its records',
};

/** Children that wait could wait for more at a time. */
function ofCalls(
  { underWay, concurrency, cpuSeconds, seconds }: StageCalls,
  i: number,
  facts: Facts,
): Advice[] {
  const waited = 1 - cpuSeconds / seconds;
  if (facts.seconds < LONG || seconds < LONG || waited < 0.75) return [];
  const isFull = underWay >= concurrency;
  return [
    {
      code: 'few-calls',
      text:
        `mapAsync of stage ${i + 1} never had more than ${underWay} of ${concurrency} calls under way in a process, ` +
        `which waited ${inPercent(waited)} of its time`,
      remedy: isFull
        ? 'raise its concurrency, as far as what it calls can take'
        : 'give a process more records at a time: raise chunkSize or chunkBytes',
    },
  ];
}

function ofProcesses(facts: Facts): Advice[] {
  const { processes, cores, children, seconds, movingShare, attempts, outcome, restored } = facts;
  const busy = children.reduce((sum, child) => sum + child.busySeconds, 0);
  const given: Advice[] = [];
  const isWhole = outcome === 'ok' && restored.chunks === 0;
  if (isWhole && children.length > 0 && busy < LONG && seconds > busy * 1.5) {
    given.push({
      code: 'small-work',
      text: `The work took ${inSeconds(busy)}, and the run ${inSeconds(seconds)}: one process would do it in about ${inSeconds(busy)}`,
      remedy: 'run it with processes: 0, or keep children warm for many such runs (createPool)',
    });
  }
  if (processes > cores && seconds >= LONG) {
    given.push({
      code: 'more-processes-than-cores',
      text: `${processes} processes share ${cores} core${cores === 1 ? '' : 's'}`,
      remedy: `leave out processes, or set it to ${cores}; for calls that wait use mapAsync with more concurrency`,
    });
  }
  if (movingShare > 0.5 && busy >= LONG / 2) {
    given.push({
      code: 'moving-results',
      text: `${inPercent(movingShare)} of the children's time went into moving records and results`,
      remedy: 'do more in the children: filter, fold or write there, and return less',
    });
  }
  const replaced = children.length - processes - attempts.crashes - attempts.timeouts;
  if (replaced >= 2 * processes) {
    given.push({
      code: 'recycled-children',
      text: `${children.length} children worked one after the other in ${processes} places: they were replaced often`,
      remedy: 'raise tasksPerProcess or memoryLimit, or look for what leaks in them',
    });
  }
  return given;
}

function ofMemory({ stages, memoryLimit }: Facts): Advice[] {
  const spilled = stages.reduce((sum, { spilledBytes }) => sum + spilledBytes, 0);
  if (memoryLimit === undefined || memoryLimit >= ENOUGH_MEMORY || spilled < SPILLED) return [];
  return [
    {
      code: 'spilling',
      text: `${Math.round(spilled / 1e6)} MB went to temporary files, since memoryLimit: ${memoryLimit} leaves ${Math.round(memoryLimit / 6)} MB for the tables of a child`,
      remedy: `raise memoryLimit, up to ${ENOUGH_MEMORY}`,
    },
  ];
}

function ofEngine({ engine }: Facts): Advice[] {
  if (engine === undefined || engine.spilledBytes < SPILLED) return [];
  return [
    {
      code: 'engine-spilling',
      text: `The engine ${engine.name} itself wrote ${Math.round(engine.spilledBytes / 1e6)} MB to disks for want of memory`,
      remedy: 'give its executors more memory, or more of them',
    },
  ];
}

function ofParent({ parent, seconds, processes }: Facts): Advice[] {
  if (seconds < LONG) return [];
  const { busySeconds, consumerSeconds } = parent;
  if (consumerSeconds > seconds / 2) {
    return [
      {
        code: 'slow-consumer',
        text: `The run waited ${inSeconds(consumerSeconds)} of ${inSeconds(seconds)} for whoever takes its results`,
        remedy:
          'do less for each result in this process: move that work into a map, or write from the children',
      },
    ];
  }
  if (processes === 0 || busySeconds < seconds * 0.8) return [];
  return [
    {
      code: 'busy-parent',
      text: `This process was busy for ${inSeconds(busySeconds)} of ${inSeconds(seconds)}, and children wait for it`,
      remedy:
        'return less from the children, give files instead of items, or keep other work out of this process',
    },
  ];
}

function inSeconds(seconds: number): string {
  return seconds < 10 ? `${Number(seconds.toPrecision(2))} s` : `${Math.round(seconds)} s`;
}

function inPercent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

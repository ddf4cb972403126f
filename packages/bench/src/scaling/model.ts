/** What a run is made of, in seconds of CPU, measured with few processes. */
export interface Parts {
  /** From the start of the program until its first child works, none of it shared with others. */
  readonly start: number;
  /** Of the parent, to start one more child. */
  readonly fork: number;
  /** Of the parent, for the work itself: chunks, messages, results. It does not grow with processes. */
  readonly parent: number;
  /** Of all children together, for the work itself. It does not grow with processes either. */
  readonly children: number;
  /** How long the longest task may take that the others wait for. */
  readonly tail: number;
}

/** How long a run takes with so many processes: at best, when parent and children never wait for each other, and at worst. */
export interface Forecast {
  readonly best: number;
  readonly worst: number;
}

/**
 * The model: a start that nobody shares, one fork after the other, and then the children's work, divided by as many as there
 * are cores for. The parent's own work lies beside it at best, as it does while tasks are cut and results come; at worst
 * before and behind it, as it does where the last results are put together. What several processes do to memory and disk is
 * not in it.
 *
 * @param processes 0 for the parent alone.
 * @param cores Of the machine.
 */
export function forecast(parts: Parts, processes: number, cores: number): Forecast {
  const { start, fork, parent, children, tail } = parts;
  if (processes === 0) return { best: start + parent + children, worst: start + parent + children };
  const begun = start + fork * processes;
  const shared = children / Math.min(processes, cores);
  // A parent that shares the cores with as many children takes its work from them.
  const crowded = processes < cores ? 0 : parent / cores;
  return {
    best: begun + Math.max(parent, shared + crowded),
    worst: begun + parent + shared + tail,
  };
}

/** The parts of a run on an input that is so many times as large: the parent's work and the children's grow, a start does not. */
export function timesAs({ parent, children, ...fixed }: Parts, factor: number): Parts {
  return { ...fixed, parent: parent * factor, children: children * factor };
}

/** What the runs of one work say: the median CPU seconds of program and children with some number of processes. */
export interface Sample {
  readonly processes: number;
  readonly wall: number;
  /** CPU seconds of the program itself. */
  readonly own: number;
  /** CPU seconds of its children. */
  readonly children: number;
}

/**
 * The parts of a work, out of its runs and those of a program that does nothing with as many processes: what they differ by is
 * the work.
 *
 * @param works With at least one process.
 * @param empties With the same numbers of processes, and more than one number.
 */
export function partsOf(works: readonly Sample[], empties: readonly Sample[], tail: number): Parts {
  const few = empties.filter(({ processes }) => processes > 0);
  const fork = Math.max(0, slope(few.map(({ processes, own }) => [processes, own])));
  const first = few[0]!;
  const differences = works.flatMap((work) => {
    const empty = empties.find(({ processes }) => processes === work.processes);
    return empty === undefined || work.processes === 0
      ? []
      : [{ own: work.own - empty.own, children: work.children - empty.children }];
  });
  return {
    start: Math.max(0, undisturbed(first.wall, first.own + first.children) - fork * first.processes),
    fork,
    parent: Math.max(0, mean(differences.map(({ own }) => own))),
    children: Math.max(0, mean(differences.map(({ children }) => children))),
    tail,
  };
}

/** Seconds of what goes on one after the other: where they are more than those of CPU, others had the machine meanwhile. */
export function undisturbed(wall: number, cpu: number): number {
  return Math.min(wall, cpu);
}

/** Of the line through points that is the nearest to them. */
function slope(points: readonly (readonly [x: number, y: number])[]): number {
  const [x, y] = [mean(points.map(([x]) => x)), mean(points.map(([, y]) => y))];
  const spread = points.reduce((sum, [px]) => sum + (px - x) ** 2, 0);
  return spread === 0 ? 0 : points.reduce((sum, [px, py]) => sum + (px - x) * (py - y), 0) / spread;
}

function mean(numbers: readonly number[]): number {
  return numbers.reduce((sum, n) => sum + n, 0) / Math.max(1, numbers.length);
}

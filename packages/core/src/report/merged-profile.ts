import type { ProfileReport } from './profile.js';

/** What V8 writes: the format of `.cpuprofile`. */
export interface CpuProfile {
  readonly nodes: readonly ProfileNode[];
  readonly startTime: number;
  readonly endTime: number;
  /** The node of each sample. */
  readonly samples: readonly number[];
  /** Microseconds between a sample and the one before. */
  readonly timeDeltas: readonly number[];
}

export interface ProfileNode {
  readonly id: number;
  readonly callFrame: CallFrame;
  readonly hitCount?: number;
  readonly children?: readonly number[];
}

interface CallFrame {
  readonly functionName: string;
  readonly scriptId: string;
  readonly url: string;
  readonly lineNumber: number;
  readonly columnNumber: number;
}

const TOP = 10;

interface MergedNode extends ProfileNode {
  readonly children: number[];
  hitCount: number;
}

/** The profiles of several processes as one: equal stacks are one stack, and one process follows the other in time. */
export class MergedProfile {
  readonly #nodes: MergedNode[] = [];
  readonly #byPath = new Map<string, MergedNode>();
  readonly #samples: number[] = [];
  readonly #deltas: number[] = [];
  #end = 0;
  children = 0;

  add(profile: CpuProfile): void {
    const parents = new Map(
      profile.nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id])),
    );
    const merged = new Map<number, MergedNode>();
    // A parent stands before its children.
    for (const node of profile.nodes)
      merged.set(node.id, this.#node(node, merged.get(parents.get(node.id) ?? -1)));
    profile.samples.forEach((sample, i) => {
      const node = merged.get(sample)!;
      const delta = Math.max(0, profile.timeDeltas[i] ?? 0);
      node.hitCount += 1;
      this.#samples.push(node.id);
      this.#deltas.push(delta);
      this.#end += delta;
    });
    this.children += 1;
  }

  profile(): CpuProfile {
    return {
      nodes: this.#nodes,
      startTime: 0,
      endTime: this.#end,
      samples: this.#samples,
      timeDeltas: this.#deltas,
    };
  }

  /** What a report says of it. */
  summary(): Omit<ProfileReport, 'file'> {
    const times = new Map<string, { name: string; place: string; seconds: number }>();
    let seconds = 0;
    this.#samples.forEach((id, i) => {
      const { functionName, url, lineNumber } = this.#nodes[id - 1]!.callFrame;
      if (functionName === '(idle)') return;
      const place = url === '' ? '' : `${url}:${lineNumber + 1}`;
      const key = `${functionName}\n${place}`;
      const time = times.get(key) ?? { name: functionName || '(anonymous)', place, seconds: 0 };
      // The time up to the next sample is the function's own.
      const spent = (this.#deltas[i + 1] ?? 0) / 1e6;
      times.set(key, time);
      time.seconds += spent;
      seconds += spent;
    });
    const top = [...times.values()].sort((a, b) => b.seconds - a.seconds).slice(0, TOP);
    return {
      children: this.children,
      seconds,
      top: top.map((time) => ({ ...time, share: seconds === 0 ? 0 : time.seconds / seconds })),
    };
  }

  #node({ callFrame }: ProfileNode, parent: MergedNode | undefined): MergedNode {
    const { functionName, url, lineNumber, columnNumber } = callFrame;
    const path = `${parent?.id ?? 0}\n${functionName}\n${url}\n${lineNumber}\n${columnNumber}`;
    const known = this.#byPath.get(path);
    if (known !== undefined) return known;
    const node: MergedNode = { id: this.#nodes.length + 1, callFrame, children: [], hitCount: 0 };
    this.#nodes.push(node);
    this.#byPath.set(path, node);
    parent?.children.push(node.id);
    return node;
  }
}

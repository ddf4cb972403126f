import { shared } from '../shared-state.js';
import { now } from '../timers.js';
import type { Progress } from './progress.js';
import { progressText } from './progress-text.js';

/** Milliseconds between two drawings on a terminal. */
const EVERY = 100;
/** Without a terminal a line comes when so many seconds have passed, and then each half minute. */
const MOMENTS = [1, 2, 5, 10, 20, 30];
const HALF_MINUTE = 30;

/** Where lines go, and what is known of it. */
export interface Screen {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  write(text: string): unknown;
}

export interface ProgressLine {
  (progress: Progress): void;
  /** Takes the line away, and writes what is said in the end. */
  end(words?: readonly string[]): void;
}

/** Bars of runs that are under way in this process share a terminal: one below the other. */
const bars = shared('progress bars', () => ({
  shown: [] as { text: (width: number) => string }[],
  drawn: 0,
}));

/**
 * Shows progress on stderr: on a terminal a bar that is drawn anew up to ten times a second and fits its width; elsewhere,
 * and under `CI` or `TERM=dumb`, plain lines after 1, 2, 5, 10, 20 and 30 seconds and then each half minute. There is no
 * colour, so `NO_COLOR` holds anyway.
 */
export function progressLine(
  screen: Screen = process.stderr,
  env: Readonly<Record<string, string | undefined>> = process.env,
): ProgressLine {
  const isBar = screen.isTTY === true && !isSet(env['CI']) && env['TERM'] !== 'dumb';
  return isBar ? barOn(screen) : linesOn(screen);
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== '' && value !== 'false' && value !== '0';
}

function linesOn(screen: Screen): ProgressLine {
  let next = 0;
  const write = (progress: Progress): void => {
    if (progress.seconds < momentOf(next)) return;
    while (progress.seconds >= momentOf(next)) next += 1;
    screen.write(`${progressText(progress)}\n`);
  };
  const end = (words: readonly string[] = []): void => {
    for (const line of words) screen.write(`${line}\n`);
  };
  return Object.assign(write, { end });
}

function momentOf(number: number): number {
  return MOMENTS[number] ?? HALF_MINUTE * (number - MOMENTS.length + 2);
}

function barOn(screen: Screen): ProgressLine {
  let last = -Infinity;
  let progress: Progress | undefined;
  const own = {
    text: (width: number): string => (progress === undefined ? '' : progressText(progress, width, true)),
  };
  const write = (given: Progress): void => {
    progress = given;
    if (given.seconds * 1000 < EVERY || now() - last < EVERY) return;
    last = now();
    if (!bars.shown.includes(own)) bars.shown.push(own);
    screen.write(erased() + drawn(screen));
  };
  const end = (words: readonly string[] = []): void => {
    const before = erased();
    bars.shown = bars.shown.filter((bar) => bar !== own);
    screen.write(before + words.map((line) => `${line}\n`).join('') + drawn(screen));
  };
  return Object.assign(write, { end });
}

/** What takes all bars away: the cursor is at the last of them. */
function erased(): string {
  const up = bars.drawn > 1 ? `\u001b[${bars.drawn - 1}A` : '';
  return `\r${up}\u001b[J`;
}

function drawn({ columns = 80 }: Screen): string {
  bars.drawn = bars.shown.length;
  // A terminal wraps a line that is as wide as it is.
  return bars.shown.map((bar) => bar.text(Math.max(1, columns - 1))).join('\n');
}

import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { wallClock } from '../timers.js';

/** Which process owns something on disk. A pid alone does not tell: the system gives it to another one later. */
export interface ProcessIdentity {
  readonly pid: number;
  /** When the process started, in the system's own words; empty where it does not say. */
  readonly started: string;
  readonly host: string;
  /** What tells one start of the machine from the next; empty where the system does not say. */
  readonly boot: string;
  /** What the pid counts in: containers have namespaces of their own. Empty where the system does not say. */
  readonly pidNamespace: string;
}

/**
 * What a process that cannot be seen from here (another machine, another container) has not touched for so long, in
 * milliseconds, is taken to be left behind. Less would one day destroy a run whose tasks take long; more would keep
 * what a container has left, and its checkpoint locked, for longer.
 */
const UNTOUCHED = 24 * 3_600_000;

let own: ProcessIdentity | undefined;

export function ownIdentity(): ProcessIdentity {
  return (own ??= {
    pid: process.pid,
    started: statusOf(process.pid).started,
    host: hostname(),
    boot: quietly(() => readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim()),
    pidNamespace: quietly(() => readlinkSync('/proc/self/ns/pid')),
  });
}

/** The identity in a file that a process has left; undefined of a file that is torn, or of another kind. */
export function parseIdentity(text: string): ProcessIdentity | undefined {
  try {
    const { pid, started, ...place } = JSON.parse(text) as ProcessIdentity;
    if (!Number.isSafeInteger(pid) || pid <= 0 || typeof started !== 'string') return undefined;
    const { host, boot, pidNamespace } = { ...ownIdentity(), ...place };
    return { pid, started, host, boot, pidNamespace };
  } catch {
    return undefined;
  }
}

/** Whether the very process that left its identity is alive; `touched` is when what it owns was last changed. */
export function isAlive(owner: ProcessIdentity, touched: number): boolean {
  const { host, boot, pidNamespace } = ownIdentity();
  // The owner lived before a restart of this machine, unless two machines of one name share a disk.
  if (owner.host === host && owner.boot !== boot) return false;
  if (owner.host !== host || owner.pidNamespace !== pidNamespace) return wallClock() - touched < UNTOUCHED;
  try {
    process.kill(owner.pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  const { started, isZombie } = statusOf(owner.pid);
  return !isZombie && (started === '' || owner.started === '' || started === owner.started);
}

/** A zombie is dead, but its parent has not asked how it ended. */
function statusOf(pid: number): { started: string; isZombie: boolean } {
  if (process.platform === 'linux') {
    // The fields 3 and 22 are counted behind the name of the program, which may hold blanks and brackets.
    const stat = quietly(() => readFileSync(`/proc/${pid}/stat`, 'latin1'));
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { started: fields[19] ?? '', isZombie: fields[0] === 'Z' };
  }
  if (process.platform === 'win32') return { started: '', isZombie: false };
  // To load it costs 2 ms, and only systems without /proc need it.
  const { execFileSync } = process.getBuiltinModule('node:child_process');
  const ask = (field: string): string =>
    execFileSync('ps', ['-o', `${field}=`, '-p', `${pid}`], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  return { started: quietly(() => ask('lstart')), isZombie: quietly(() => ask('stat')).startsWith('Z') };
}

function quietly(read: () => string): string {
  try {
    return read();
  } catch {
    return '';
  }
}

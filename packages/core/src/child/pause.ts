import inspector from 'node:inspector';
import { pid } from 'node:process';

/** Where debuggers look by themselves. */
const PORT = 9229;

/** Waits for a debugger, and has it stop before the first task: the run's modules are loaded, and take breakpoints. */
export function pauseForDebugger(): void {
  if (inspector.url() === undefined) inspector.open(PORT, '127.0.0.1');
  // Another process has that port.
  if (inspector.url() === undefined) inspector.open(0, '127.0.0.1');
  const place = new URL(inspector.url()!).host;
  process.stderr.write(
    `forkfold: child ${pid} waits before its first task for a debugger: chrome://inspect, or node inspect ${place}\n`,
  );
  inspector.waitForDebugger();
  // To stop here is what the option `inspect` is for.
  // eslint-disable-next-line no-debugger
  debugger;
}

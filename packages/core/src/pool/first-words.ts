import { execFile } from 'node:child_process';

/** How children are started. */
export interface Launch {
  /** The child's program. */
  readonly entry: string;
  readonly execArgv: readonly string[];
  readonly env: NodeJS.ProcessEnv;
}

/** Starts the child's program once more, without a channel, to hear why it does not start. */
export function firstWords({ entry, execArgv, env }: Launch): Promise<string> {
  return new Promise((resolve) => {
    const args = [...execArgv, entry];
    execFile(process.execPath, args, { env, timeout: 10_000, killSignal: 'SIGKILL' }, (_, __, stderr) => {
      resolve(stderr.trim().slice(0, 2000));
    });
  });
}

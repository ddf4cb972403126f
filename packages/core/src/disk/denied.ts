const FLAGS: Readonly<Record<string, string>> = {
  FileSystemRead: '--allow-fs-read',
  FileSystemWrite: '--allow-fs-write',
  ChildProcess: '--allow-child-process',
  WorkerThreads: '--allow-worker',
};

/** What allows what the permission model of this process has denied, to be put into a message; empty where it has not. */
export function permissionRemedy(cause: unknown, path: string): string {
  const { code, permission = '' } = cause as NodeJS.ErrnoException & { permission?: string };
  const flag = code === 'ERR_ACCESS_DENIED' ? FLAGS[permission] : undefined;
  if (flag === undefined) return '';
  const value = flag.startsWith('--allow-fs') ? `=${path}` : '';
  return `; the permission model of this process forbids it: start the program with ${flag}${value}`;
}

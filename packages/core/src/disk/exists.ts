import { existsSync } from 'node:fs';

/** Whether there is a file, as far as this process may know: the permission model of Node.js 20 makes `existsSync` throw. */
export function exists(path: string): boolean {
  try {
    return existsSync(path);
  } catch {
    return false;
  }
}

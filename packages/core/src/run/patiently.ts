import { clearTimeout, setTimeout } from '../timers.js';

/**
 * Waits for what may never settle, such as the end of a source that is the user's own code, but only so long.
 *
 * @throws What it rejects with in time.
 */
export async function patiently(ending: Promise<unknown>, milliseconds: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const moment = new Promise((resolve) => (timer = setTimeout(resolve, milliseconds)));
  try {
    await Promise.race([ending, moment]);
  } finally {
    clearTimeout(timer);
  }
}

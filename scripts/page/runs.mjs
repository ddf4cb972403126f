// Runs whose pages are looked at: each writes the page that its first argument names.
import { existsSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { from, range, textLines } from '@forkfold/core';

const [name, report] = process.argv.slice(2);
const folder = dirname(report);

const runs = {
  /** Two keyed verbs, children that die, records that throw, texts that look like HTML. */
  async eventful() {
    const file = join(folder, 'lines.txt');
    const line = (_, i) => `word${(i * 7919) % 4000} is <b>"bold"</b> ${i}</script>`;
    writeFileSync(file, Array.from({ length: 60_000 }, line).join('\n'));
    await textLines(file)
      .mapAsync(async (line) => {
        const { existsSync: exists, writeFileSync: write } = await import('node:fs');
        const mark = `${process.env.MARKS}/mark-${/\d+(?=<\/script)/.exec(line)[0]}`;
        if (/ \d*4321</.test(line) && !exists(mark)) {
          write(mark, '');
          process.kill(process.pid, 'SIGKILL');
        }
        if (/ \d*777</.test(line)) throw new Error('</script><script>alert(1)</script>');
        return line;
      })
      .flatMap((line) => line.split(' '))
      .countByValue()
      .filter(([, n]) => n > 1)
      .sortBy(([, n]) => n)
      .take(10)
      .run({ processes: 4, chunkBytes: 50_000, onError: 'skip', retries: 9, env: { MARKS: folder }, report });
  },

  /** A hundred thousand tasks. */
  async many() {
    await range(100_000)
      .map((n) => n)
      .count()
      .run({ processes: 2, chunkSize: 1, tasksPerProcess: 60_000, report });
  },

  /** Goes on until the file `stop` lies beside the page. */
  async live() {
    const records = (async function* () {
      for (let n = 0; !existsSync(join(folder, 'stop')); n += 1) {
        yield n;
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    })();
    await from(records)
      .map((n) => n)
      .count()
      .run({ processes: 2, chunkSize: 2, report });
  },
};

await runs[name]();

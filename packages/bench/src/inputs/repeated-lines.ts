import { LineWriter } from './line-writer.js';
import { randomNumbers } from './random-numbers.js';

/** Writes lines of about 15 letters, most of which come several times. Says how many differ, and how long those are together. */
export function writeRepeatedLines(path: string, lines: number, different: number): string {
  const random = randomNumbers(4);
  const seen = new Uint8Array(different);
  let [found, letters] = [0, 0];
  const file = new LineWriter(path);
  for (let i = 0; i < lines; i += 1) {
    const which = Math.floor(random() * different);
    const line = `${(Math.imul(which + 1, 2_654_435_761) >>> 0).toString(36)}-${which * 97}`;
    file.add(line);
    if (seen[which] === 1) continue;
    seen[which] = 1;
    found += 1;
    letters += line.length;
  }
  file.close();
  return `${found} lines, ${letters} letters`;
}

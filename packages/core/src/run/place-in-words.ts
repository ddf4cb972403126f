import type { RecordPosition } from '../errors.js';
import { escapeControls } from '../values/preview.js';

/** Where a record stands, in words; a name of a file may be any text, and the end of a long path says most. */
export function placeOf({ file, line, byte, index }: RecordPosition): string {
  if (file === undefined) return index === undefined ? '' : ` at record ${index}`;
  const name = file.length > 300 ? `…${file.slice(-299)}` : file;
  if (index !== undefined) return ` at record ${index} of ${escapeControls(name)}`;
  return ` at ${escapeControls(name)}:${line ?? `byte ${byte}`}`;
}

import { nodeProgram, type Program } from '../measure/program.js';

/**
 * The limit of what two processes can do: a plain loop on each half of a file, side by side, nothing merged. Each finds
 * how many records it has met.
 *
 * @param file The loop: a program that takes a path, the index of a part and the number of parts.
 */
export function halves(name: string, file: string, path: string, records: number): Program {
  const half = (index: number): Program => nodeProgram(name, file, [path, index, 2]);
  return { ...half(0), beside: half(1), finds: String(records) };
}

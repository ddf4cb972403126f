/** A word of the command line that is wrong: its message names the word and the way out. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

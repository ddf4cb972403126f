import { EngineError } from '../engine-error.js';

/** How a process ended. */
export interface ProcessEnd {
  readonly code: number | null;
  readonly signal: string | null;
}

/** What a statement that failed means, by what was written to stderr meanwhile. */
export function statementError(stderr: string, applicationId: string | undefined): EngineError {
  const message = messageIn(stderr);
  const condition = /\[([A-Z][A-Z0-9_]+(?:\.[A-Z0-9_]+)*)\]/.exec(message)?.[1];
  const sqlState = /SQLSTATE: (\w{5})/.exec(message)?.[1];
  return new EngineError(message, {
    applicationId,
    condition,
    sqlState,
    chain: [message, withoutFrames(stderr)],
  });
}

/** What it means that the command line of Spark has ended by itself. */
export function endError(
  command: readonly string[],
  { code, signal }: ProcessEnd,
  given: { readonly stderr: string; readonly applicationId: string | undefined },
): EngineError {
  const { stderr, applicationId } = given;
  const words = lastLines(stderr).join(' | ');
  const told = words === '' ? 'it says nothing' : words;
  const shown = command[0]!;
  const message =
    code === 126 || code === 127
      ? `${shown} cannot be run: install Spark's command line here, put it on the PATH, or say where it is ("command") (${told})`
      : `${shown} ended ${signal ? `by ${signal}` : `with code ${code}`}: mend what it says, and run the plan again (${told})`;
  return new EngineError(message, { applicationId, chain: [message, withoutFrames(stderr)] });
}

/** The last exception at the top of a stack; without one, the last lines. */
function messageIn(stderr: string): string {
  const tops = [
    ...stderr.matchAll(/^(?:[\w$]+\.)+[\w$]*(?:Exception|Error): ([^\n]*(?:\n(?!\s+at )[^\n]*)*)\n\s+at /gm),
  ];
  const top = tops.at(-1)?.[1]?.trim();
  return top ?? (lastLines(stderr).join('\n') || 'spark-sql failed, and does not say why');
}

/** As much as helps a person. */
const SHOWN = 8;

/** Its last lines but for the frames of stacks. */
function lastLines(stderr: string): string[] {
  const lines = withoutFrames(stderr).split('\n');
  return lines
    .filter((line) => line.trim() !== '')
    .slice(-SHOWN)
    .map((line) => line.slice(0, 500));
}

function withoutFrames(stderr: string): string {
  return stderr.replace(/^(\s+(at|\.\.\.) .*|Time taken: .*)\n/gm, '');
}

/** What it means that a process is not ready for so many seconds. */
export function lateStart(command: readonly string[], seconds: number, stderr: string): EngineError {
  const words = lastLines(stderr).join(' | ') || 'it says nothing';
  return new EngineError(
    `${command[0]!} has not started in ${seconds} seconds: see that its master answers, and has room for it (${words})`,
  );
}

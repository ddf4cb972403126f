import { decode, decodeThrown, encode, encodeThrown, type Failure } from '@forkfold/core/engine';

/** Why a process of a run failed: a task did, or the place where it runs lacks something. */
export type RunFailure = Failure | { readonly kind: 'place'; readonly message: string };

/** Carries a failure through the runner. */
export class FailedRun extends Error {
  constructor(readonly failure: RunFailure) {
    super(failure.kind);
  }
}

/** The versions of a failure, the fullest first: Spark lets 2 KB through. */
export function* failureVersions(failure: RunFailure): Generator<Uint8Array> {
  yield encode(failure, 'failure');
  for (const frames of [12, 4, 1]) yield encode(shortened(failure, frames), 'failure');
}

export function decodeFailure(bytes: Uint8Array): RunFailure {
  return decode(bytes) as RunFailure;
}

/** The same with fewer frames, without causes and properties, and with shorter texts the fewer frames there are. */
function shortened(failure: RunFailure, frames: number): RunFailure {
  const most = 80 * frames;
  const cut = (text: string): string => (text.length > most ? `${text.slice(0, most)} ...` : text);
  if (failure.kind === 'place') return { ...failure, message: cut(failure.message) };
  if (failure.kind === 'task') {
    const { thrown, preview, hint, ...rest } = failure;
    return {
      ...rest,
      preview: cut(preview),
      ...(hint !== undefined && { hint: cut(hint) }),
      thrown: encodeThrown(essence(decodeThrown(thrown), frames, cut)),
    };
  }
  const { cause: _, of, ...rest } = failure;
  return { ...rest, message: cut(failure.message), ...(of && { of: { ...of, preview: cut(of.preview) } }) };
}

function essence(thrown: unknown, frames: number, cut: (text: string) => string): unknown {
  if (!(thrown instanceof Error)) return cut(String(thrown));
  const message = cut(thrown.message);
  const made = Object.setPrototypeOf(new Error(message), Object.getPrototypeOf(thrown) as object) as Error;
  const lines = (thrown.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  Object.defineProperty(made, 'name', { value: thrown.name, configurable: true, writable: true });
  made.stack = [`${thrown.name}: ${message}`, ...lines.slice(0, frames)].join('\n');
  return made;
}

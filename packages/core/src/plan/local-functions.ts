import type { AnyFunction } from './callable.js';
import type { FunctionText } from './function-text.js';

/** Texts by their numbers. One that nobody holds any more is forgotten: a program may describe any number of datasets. */
const texts = new Map<number, WeakRef<FunctionText>>();
const functions = new WeakMap<FunctionText, AnyFunction>();
const forgotten = new FinalizationRegistry<number>((number) => texts.delete(number));
let next = 0;

/** A text that leads to the function that it is of, in this process. */
export function localText(text: FunctionText, fn: AnyFunction): FunctionText {
  const local = next++;
  const numbered = { ...text, local };
  texts.set(local, new WeakRef(numbered));
  functions.set(numbered, fn);
  forgotten.register(numbered, local);
  return numbered;
}

/** The function that a text of this process is of, where it leads to one. */
export function localFunction({ local }: FunctionText): AnyFunction | undefined {
  const text = local === undefined ? undefined : texts.get(local)?.deref();
  return text && functions.get(text);
}

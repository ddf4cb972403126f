import { shared } from '../shared-state.js';
import type { AnyFunction } from './callable.js';
import type { FunctionText } from './function-text.js';

/** Texts by their numbers. One that nobody holds any more is forgotten: a program may describe any number of datasets. */
const local = shared('local functions', () => {
  const texts = new Map<number, WeakRef<FunctionText>>();
  const functions = new WeakMap<FunctionText, AnyFunction>();
  return {
    texts,
    functions,
    forgotten: new FinalizationRegistry<number>((number) => texts.delete(number)),
    next: 0,
  };
});

/** A text that leads to the function that it is of, in this process. */
export function localText(text: FunctionText, fn: AnyFunction): FunctionText {
  const { texts, functions, forgotten } = local;
  const number = local.next++;
  const numbered = { ...text, local: number };
  texts.set(number, new WeakRef(numbered));
  functions.set(numbered, fn);
  forgotten.register(numbered, number);
  return numbered;
}

/** The function that a text of this process is of, where it leads to one. */
export function localFunction(given: FunctionText): AnyFunction | undefined {
  const text = given.local === undefined ? undefined : local.texts.get(given.local)?.deref();
  return text && local.functions.get(text);
}

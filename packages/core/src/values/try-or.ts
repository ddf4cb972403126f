/** What `action` returns, or what `otherwise` makes of what it throws: for reading values that may be hostile. */
export function tryOr<R>(action: () => R, otherwise: (reason: unknown) => R): R {
  try {
    return action();
  } catch (reason) {
    return otherwise(reason);
  }
}

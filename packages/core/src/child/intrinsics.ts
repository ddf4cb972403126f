/**
 * Built-ins that decide about results here, and that a careless function may overwrite for all of this process. A handful:
 * they are looked at after every task.
 */
const watched: readonly [name: string, owner: object, keys: readonly PropertyKey[]][] = [
  [
    'Array.prototype',
    Array.prototype,
    ['push', 'slice', 'splice', 'map', 'sort', 'concat', 'reduceRight', 'includes', Symbol.iterator],
  ],
  ['Array', Array, ['from']],
  ['Object', Object, ['keys', 'entries', 'fromEntries']],
  ['Map.prototype', Map.prototype, ['get', 'set']],
  ['Set.prototype', Set.prototype, ['add', 'has']],
];
const { defineProperty } = Reflect;

interface Intrinsic {
  readonly name: string;
  readonly owner: Record<PropertyKey, unknown>;
  readonly key: PropertyKey;
  readonly value: unknown;
}

let captured: readonly Intrinsic[] = [];

/** Takes the built-ins as they are for right: to be called once modules, and with them polyfills, are loaded. */
export function captureIntrinsics(): void {
  captured = watched.flatMap(([name, owner, keys]) =>
    keys.map((key) => {
      const value = (owner as Record<PropertyKey, unknown>)[key];
      const called = typeof key === 'symbol' ? `[${key.description}]` : `.${String(key)}`;
      return { name: name + called, owner: owner as Record<PropertyKey, unknown>, key, value };
    }),
  );
}

/**
 * What has become of them since, as an error that names the first one that is another now; all are as they were again then,
 * so that the error can be told. Takes a microsecond at most.
 */
export function overwrittenIntrinsic(): TypeError | undefined {
  let found: Intrinsic | undefined;
  // Not even iterated: by now nothing can be relied upon.
  for (let i = 0; i < captured.length; i += 1) {
    const { owner, key, value } = captured[i]!;
    if (owner[key] === value) continue;
    found ??= captured[i];
    defineProperty(owner, key, { value, writable: true, enumerable: false, configurable: true });
  }
  if (found === undefined) return undefined;
  return new TypeError(
    `${found.name} was overwritten by a task, so results would be wrong: leave it alone, or load a polyfill with the job's module`,
  );
}

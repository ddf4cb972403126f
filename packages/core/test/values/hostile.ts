/** Values that throw, lie or never end when they are looked at. */
export function hostile(): unknown[] {
  const fail = (): never => {
    throw null;
  };
  const traps = new Proxy({}, { get: () => fail });
  const revoked = Proxy.revocable({}, {});
  revoked.revoke();
  class LyingMap extends Map<number, number> {
    override get size(): number {
      return fail();
    }
    override entries = fail;
    override [Symbol.iterator] = fail;
    override forEach = fail;
  }
  class Throwing extends Error {
    override get message(): string {
      return fail();
    }
    override get name(): string {
      return fail();
    }
    override get stack(): string {
      return fail();
    }
    override get cause(): unknown {
      return fail();
    }
    get code(): unknown {
      return fail();
    }
  }
  class Endless extends Error {
    override get cause(): unknown {
      return new Endless();
    }
    get twice(): unknown {
      return new Endless();
    }
  }
  const own = new Error('own');
  for (const key of ['stack', 'message', 'name', 'cause', 'code', 'errors', 'extra', Symbol('key')]) {
    Object.defineProperty(own, key, { get: fail, enumerable: true });
  }
  const endlessPrototype: object = new Proxy({}, { getPrototypeOf: () => endlessPrototype });
  const circular = new Error('circular');
  circular.cause = { of: [circular] };
  const constructorless = new Error('no class');
  Object.setPrototypeOf(
    constructorless,
    Object.create(Error.prototype, { constructor: { get: fail } }) as object,
  );
  const numbered = new Error('numbered');
  Object.setPrototypeOf(
    numbered,
    Object.create(Error.prototype, { constructor: { value: { name: 5 } } }) as object,
  );
  return [
    new Proxy({}, traps),
    new Proxy([], traps),
    new Proxy(fail, traps),
    new Proxy(new Error('x'), traps),
    new Proxy(new Error('x'), {}),
    new Proxy(new Error('x'), { ownKeys: () => ['stack'], getOwnPropertyDescriptor: fail }),
    revoked.proxy,
    endlessPrototype,
    Object.create(endlessPrototype),
    Object.setPrototypeOf(new Error('proto'), endlessPrototype),
    Object.setPrototypeOf(new Error('null'), null),
    Object.setPrototypeOf(new TypeError('map'), Map.prototype),
    Object.setPrototypeOf(new Map([[1, 2]]), null),
    Object.setPrototypeOf([1], null),
    new LyingMap([[1, 2]]),
    new Throwing(),
    new Endless(),
    own,
    circular,
    constructorless,
    numbered,
    Object.freeze(new RangeError('frozen')),
    Object.assign(new Error('odd'), {
      message: 5n,
      name: {},
      stack: [1],
      toString: fail,
      toJSON: fail,
      constructor: fail,
    }),
    Object.assign(new AggregateError([], 'odd'), { errors: 'none' }),
    Object.create(Error.prototype),
    Object.create(null),
    { [Symbol.toPrimitive]: fail, toString: fail, get [Symbol.toStringTag]() { return fail(); } }, // prettier-ignore
    { get constructor() { return fail(); } }, // prettier-ignore
    new (class { get [Symbol.toStringTag](): string { return fail(); } value = 1 })(), // prettier-ignore
    new Proxy(class {}, {}),
    globalThis,
    process,
    (async () => {})(),
    Object.assign(Object.create({ get name() { return fail(); } }) as object, { a: 1 }), // prettier-ignore
  ];
}

import fc from "fast-check";

/** A value that throws at any look. */
export function revoked(): object {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

function fails(): never {
  throw new Error("not to be looked at");
}

/** An object whose fields, and ways to become text, throw. */
function trap(): object {
  return Object.defineProperties(
    { toString: fails, valueOf: fails, toJSON: fails, [Symbol.toPrimitive]: fails },
    Object.fromEntries(
      [
        "name",
        "message",
        "stack",
        "cause",
        "then",
        "next",
        "length",
        "id",
        "status",
        "version",
      ].map((name) => [name, { get: fails, enumerable: true }]),
    ),
  );
}

/** Makes a value: fast-check looks into those that it holds, and some throw then. */
export type Make = () => unknown;

/** What callers without types, with broken ones, or with bad intent give. */
export const hostile: fc.Arbitrary<Make> = fc.oneof(
  { depthSize: "small" },
  fc
    .anything({
      withBigInt: true,
      withDate: true,
      withMap: true,
      withNullPrototype: true,
      withSet: true,
      withSparseArray: true,
      withTypedArray: true,
    })
    .map(
      (value): Make =>
        () =>
          value,
    ),
  fc.constantFrom<() => unknown>(
    revoked,
    trap,
    () => Symbol("mark"),
    () => 10n ** 400n,
    () => Number.NaN,
    () => Object.create(null),
    () => fails,
    () => Promise.resolve(1),
    () => new Proxy(fails, { get: fails }),
    () => Object.assign(new Error("x"), { message: revoked(), stack: 42, name: {} }),
    () => Object.defineProperty(new Error("x"), "message", { get: fails }),
    () => ({ [Symbol.toStringTag]: "Generator" }),
    () => ({ tags: revoked(), metadata: [trap()], sessionId: {}, unknownField: 1 }),
    () => ({ endTime: "soon", status: "fine", statusMessage: trap(), error: revoked() }),
    () => ({ type: "magic", startTime: {}, parent: { traceId: 1, id: {} }, attributes: 7 }),
  ),
);

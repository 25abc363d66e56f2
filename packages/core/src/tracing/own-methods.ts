/** A method of unknown arguments. */
export type Method = (...values: unknown[]) => unknown;

/**
 * Gives the object a method of its own in place of the one it has: its class and its other fields stay, and so does the
 * number of its enumerable fields. `false` when it has no such method, is frozen, or cannot be looked at. Never throws.
 */
export function replaceMethod(
  target: object,
  name: PropertyKey,
  replace: (original: Method) => Method,
): boolean {
  try {
    const found: unknown = Reflect.get(target, name);
    if (typeof found !== "function") return false;
    const original: Method = (...values) => Reflect.apply(found, target, values);
    const known = Object.getOwnPropertyDescriptor(target, name);
    return Reflect.defineProperty(target, name, {
      value: replace(original),
      configurable: true,
      writable: true,
      enumerable: known?.enumerable === true,
    });
  } catch {
    return false;
  }
}

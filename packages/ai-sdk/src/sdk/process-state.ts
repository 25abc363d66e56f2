/**
 * What all copies of this package in a process share: bundlers make several, as Next.js does for `instrumentation.ts` and
 * for routes, and a call that one copy records must be known to the others.
 */
export function processState<T>(name: string, make: () => T): T {
  const key = Symbol.for(`@rivulet/ai-sdk:${name}`);
  const globals = globalThis as Record<symbol, unknown>;
  globals[key] ??= make();
  return globals[key] as T;
}

import type { TracedOptions, Tracing } from "./tracing.ts";

/** See `Tracing.traced`. */
export function trace<A extends unknown[], R>(
  tracing: Tracing,
  work: (...args: A) => R,
  given?: TracedOptions,
): (...args: A) => R {
  const { name, ...options } = optionsOf(work, given);
  return function traced(this: unknown, ...args: A): R {
    const input = args.length > 1 ? args : args[0];
    return tracing.withSpan(name, () => work.apply(this, args), { ...options, input });
  };
}

/** A proxy, of the function or of the options, may throw when it is looked at. */
function optionsOf(
  work: { readonly name: string },
  given: TracedOptions | undefined,
): TracedOptions & { readonly name: string } {
  try {
    return { ...given, name: given?.name ?? (work.name || "anonymous") };
  } catch {
    return { name: "anonymous" };
  }
}

import type { FitCallbacks } from "./tf-types.ts";

/** The class of callbacks of TensorFlow.js. */
export type CallbackClass = new (callbacks: never, yieldEvery?: never) => object;

/**
 * The options of a fit with one more callback. TensorFlow.js takes either a list of its own objects or of plain ones,
 * and what is added must be of the same kind.
 */
export function withCallback(
  CustomCallback: CallbackClass,
  options: object,
  callbacks: FitCallbacks,
): object {
  const given = [Reflect.get(options, "callbacks") ?? []].flat() as readonly object[];
  const [first] = given;
  const isPlain = first !== undefined && !("setModel" in first);
  // Its own object never makes the fit wait for a turn of the event loop.
  const added = isPlain ? callbacks : new CustomCallback(callbacks as never, "never" as never);
  return { ...options, callbacks: [...given, added] };
}

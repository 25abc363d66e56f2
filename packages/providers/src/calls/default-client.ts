import { createRivulet, type Rivulet } from "@rivulet/core";

interface Globals {
  [DEFAULT]?: Rivulet;
}

const DEFAULT: unique symbol = Symbol.for("@rivulet/providers:rivulet") as typeof DEFAULT;

/** The client of a process that gives none: made once from `RIVULET_STORE`, whatever copies of this module are loaded. */
export function defaultRivulet(): Rivulet {
  const globals = globalThis as Globals;
  globals[DEFAULT] ??= createRivulet();
  return globals[DEFAULT];
}

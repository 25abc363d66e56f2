import { createRequire } from "node:module";
import { type Rivulet, RivuletError } from "@rivulet/core";
import { RivuletCallbackHandler } from "../callback-handler.ts";
import type { RivuletCallbackHandlerOptions } from "../handler-options.ts";
import { findOtherCopies } from "./other-copies.ts";
import { patchCallbackManager } from "./patch-callback-manager.ts";

/** Options of {@link instrumentLangChain}. */
export interface InstrumentLangChainOptions extends RivuletCallbackHandlerOptions {
  /**
   * Share of calls that are traced, 0 to 1, drawn when a call starts. A call that is not drawn has no
   * handler, whereas one that the client's own sampling drops has paid LangChain for its callbacks.
   * @default 1
   */
  readonly sampleRate?: number;
  /** The `CallbackManager` class of a further copy of `@langchain/core`, besides those found. */
  readonly callbackManager?: object;
  /** The draw: from 0 up to 1. @default Math.random */
  readonly random?: () => number;
}

/**
 * Traces every LangChain and LangGraph call of the process without passing callbacks.
 *
 * Calls that have a handler of this client already are left as they are. LangChain has one class for ES
 * modules and one for CommonJS: the second is covered when it was loaded before. When the app's packages find another
 * copy of `@langchain/core` than the one that is instrumented, that is reported to the client.
 *
 * @returns a function that takes it back
 * @throws RivuletError `unsupported` when there is no LangChain, or one that cannot be instrumented
 */
export async function instrumentLangChain(
  rivulet: Rivulet,
  options: InstrumentLangChainOptions = {},
): Promise<() => void> {
  const { sampleRate = 1, random = Math.random, callbackManager, ...handlerOptions } = options;
  const handler = new RivuletCallbackHandler(rivulet, handlerOptions);
  const managers = new Set([
    callbackManager,
    await loadedAsModule(callbackManager !== undefined),
    ...loadedAsCommonJs(),
  ]);
  const undo: (() => void)[] = [];
  for (const manager of managers) {
    if (manager === undefined) continue;
    const draw = (): boolean => isSampled(rivulet, sampleRate, random);
    undo.push(patchCallbackManager(manager, { rivulet, options: handlerOptions, handler, draw }));
  }
  warnOfCopies(rivulet, callbackManager === undefined ? 0 : 1);
  return () => {
    for (const restore of undo) restore();
  };
}

/** @param covered how many other copies were given */
function warnOfCopies(rivulet: Rivulet, covered: number): void {
  const copies = findOtherCopies();
  if (copies.length <= covered) return;
  const message = `Calls of another copy of @langchain/core are not traced: ${copies.join(", ")}. Install one version, or give that copy's CallbackManager class as callbackManager.`;
  rivulet.reportError(new RivuletError("unsupported", message));
}

/** Inside of a trace, the trace has decided. */
function isSampled(rivulet: Rivulet, sampleRate: number, random: () => number): boolean {
  const span = rivulet.activeSpan();
  if (span !== undefined) return span.sampled !== false;
  return sampleRate >= 1 || random() < sampleRate;
}

/** @throws that it cannot be found, unless another copy was given */
async function loadedAsModule(optional: boolean): Promise<object | undefined> {
  try {
    const { CallbackManager } = await import("@langchain/core/callbacks/manager");
    return CallbackManager;
  } catch (error) {
    if (optional) return undefined;
    const message =
      "@langchain/core cannot be found. Install it, or give its CallbackManager class as callbackManager.";
    throw new RivuletError("unsupported", message, { cause: error });
  }
}

const COMMON_JS_MANAGER = /@langchain[\\/]core[\\/]dist[\\/]callbacks[\\/]manager\.cjs$/;

/** Loading it only to patch it would cost the app a tenth of a second. */
function loadedAsCommonJs(): readonly object[] {
  // The cache is the process's, whatever path asks; import.meta has none in an app bundled as CommonJS.
  const { cache } = createRequire(process.execPath);
  return Object.values(cache).flatMap((module) => {
    if (module === undefined || !COMMON_JS_MANAGER.test(module.filename)) return [];
    const { CallbackManager } = module.exports as { CallbackManager?: object };
    return CallbackManager === undefined ? [] : [CallbackManager];
  });
}

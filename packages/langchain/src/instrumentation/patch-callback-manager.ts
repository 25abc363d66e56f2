import { randomUUID } from "node:crypto";
import { type Rivulet, RivuletError } from "@rivulet/core";
import { RivuletCallbackHandler } from "../callback-handler.ts";
import type { RivuletCallbackHandlerOptions } from "../handler-options.ts";
import { sessionOf } from "../runs/run-metadata.ts";

/** What {@link patchCallbackManager} takes. */
export interface PatchOptions {
  readonly rivulet: Rivulet;
  readonly handler: RivuletCallbackHandler;
  readonly options: RivuletCallbackHandlerOptions;
  /** Whether a call that starts is traced. */
  readonly draw: () => boolean;
}

/** Callbacks as LangChain passes them around: a list, or a manager that knows its run. */
type Callbacks = readonly unknown[] | ManagerLike | null | undefined;

interface ManagerLike {
  readonly handlers?: readonly unknown[];
  getParentRunId?(): string | undefined;
  copy?(): ManagerLike;
  addHandler?(handler: unknown, inherit?: boolean): void;
}

type Fields = Readonly<Record<string, unknown>>;

/** The arguments of what each runnable calls before it starts. */
type ConfigureArguments = [
  inherited: Callbacks,
  local: Callbacks,
  inheritableTags?: unknown,
  localTags?: unknown,
  inheritableMetadata?: Fields,
  localMetadata?: unknown,
  options?: { readonly tracerInheritableMetadata?: Fields },
];

type Configure = (this: unknown, ...args: ConfigureArguments) => unknown;

interface PatchableClass {
  _configureSync: Configure;
  new (): object;
}

/**
 * Makes a `CallbackManager` class add the handler to every call that starts.
 *
 * @returns a function that takes it back
 * @throws RivuletError `unsupported` when this is no such class
 */
export function patchCallbackManager(manager: object, patch: PatchOptions): () => void {
  const target = manager as PatchableClass;
  const original = target._configureSync;
  if (typeof original !== "function") {
    throw new RivuletError(
      "unsupported",
      "This copy of @langchain/core has no CallbackManager._configureSync. Pass a RivuletCallbackHandler as a callback instead.",
    );
  }
  const Unsampled = unsampledManager(target);
  let enabled = true;

  function configure(this: unknown, ...args: ConfigureArguments): unknown {
    const [inherited, local, ...rest] = args;
    if (enabled && isUnsampled(inherited) && isEmpty(local)) return new Unsampled();
    if (!enabled || !isRoot(inherited) || isCovered(patch, inherited, local)) {
      return original.apply(this, args);
    }
    if (patch.draw()) {
      const callbacks = withHandler(inherited, handlerFor(patch, args));
      return original.call(this, callbacks, local, ...rest);
    }
    return original.apply(this, args) ?? new Unsampled();
  }

  target._configureSync = configure;
  return () => {
    enabled = false;
    if (target._configureSync === configure) target._configureSync = original;
  };
}

/** Calls inside of a run are given a manager that knows the run. */
function isRoot(inherited: Callbacks): boolean {
  return isManager(inherited) ? inherited.getParentRunId?.() === undefined : true;
}

/** Inside of a call that was not drawn. */
function isUnsampled(inherited: Callbacks): boolean {
  return isManager(inherited) && !isRoot(inherited) && isEmpty(inherited);
}

function isEmpty(callbacks: Callbacks): boolean {
  return handlersOf(callbacks).length === 0;
}

function handlersOf(callbacks: Callbacks): readonly unknown[] {
  return isManager(callbacks) ? (callbacks.handlers ?? []) : (callbacks ?? []);
}

function isCovered({ rivulet }: PatchOptions, ...callbacks: readonly Callbacks[]): boolean {
  return callbacks
    .flatMap(handlersOf)
    .some((handler) => handler instanceof RivuletCallbackHandler && handler.recordsInto(rivulet));
}

/** The user's list is never changed. */
function withHandler(inherited: Callbacks, handler: RivuletCallbackHandler): Callbacks {
  if (!isManager(inherited)) return [...(inherited ?? []), handler];
  const copy = inherited.copy?.() ?? inherited;
  copy.addHandler?.(handler, true);
  return copy;
}

function isManager(callbacks: Callbacks): callbacks is ManagerLike {
  return typeof callbacks === "object" && callbacks !== null && !Array.isArray(callbacks);
}

/** LangChain 1.x tells `configurable` only to its own tracer: `thread_id` comes from what that one gets. */
function handlerFor(
  { rivulet, handler, options }: PatchOptions,
  [, , , , metadata, , tracing]: ConfigureArguments,
): RivuletCallbackHandler {
  if (options.sessionId !== undefined || sessionOf(metadata) !== undefined) return handler;
  const sessionId = sessionOf(tracing?.tracerInheritableMetadata);
  if (sessionId === undefined) return handler;
  return new RivuletCallbackHandler(rivulet, { ...options, sessionId });
}

type Start = (...args: unknown[]) => unknown;

/** What starts a run; the third argument is its id. */
const STARTS = [
  "handleChainStart",
  "handleChatModelStart",
  "handleLLMStart",
  "handleRetrieverStart",
  "handleToolStart",
] as const;

/**
 * A `CallbackManager` class for calls that are not traced: without handlers, but handed down, so that the
 * steps of the call do not look like calls that start. LangChain's own run ids would be half of its price.
 */
function unsampledManager<T extends new () => object>(manager: T): new () => object {
  class UnsampledManager extends (manager as new () => object) {}
  for (const name of STARTS) {
    const start = (manager.prototype as Record<string, Start | undefined>)[name];
    if (start === undefined) continue;
    Object.defineProperty(UnsampledManager.prototype, name, {
      value(this: unknown, subject: unknown, ...[input, runId = randomUUID(), ...rest]: unknown[]) {
        return start.call(this, subject, input, runId, ...rest);
      },
    });
  }
  return UnsampledManager;
}

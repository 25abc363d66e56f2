import {
  type ActiveSpan,
  type EndSpanOptions,
  type Method,
  type Rivulet,
  replaceMethod,
} from "@rivulet/core";
import { readInput } from "./chat.ts";
import { fieldOf, fieldsOf, isThenable } from "./read-value.ts";

/** A loop of model calls and tools that a client runs by itself. */
export interface AgentRun {
  readonly rivulet: Rivulet;
  readonly span: ActiveSpan;
}

/** Starts the span of a loop. @param body reads the request, which may be anything */
export function startAgentRun(rivulet: Rivulet, name: string, body: () => unknown): AgentRun {
  const span = rivulet.startSpan(name, { type: "agent" });
  try {
    span.setInput(readInput(fieldsOf(body())));
  } catch (error) {
    rivulet.reportError(error);
  }
  return { rivulet, span };
}

/** The tool with the function in one of its fields traced; in every other way the tool that it is. */
export function tracedTool(
  rivulet: Rivulet,
  tool: object,
  { name, field }: { readonly name: string; readonly field: string },
): object {
  const run: unknown = Reflect.get(tool, field);
  if (typeof run !== "function") return tool;
  const traced: Method = (input, ...others) =>
    rivulet.withSpan(name, () => Reflect.apply(run, tool, [input, ...others]) as unknown, {
      type: "tool",
      input,
    });
  // Clients may call a tool by the name of its function.
  Object.defineProperty(traced, "name", { value: run.name });
  const descriptors = Object.getOwnPropertyDescriptors(tool);
  const enumerable = Reflect.getOwnPropertyDescriptor(tool, field)?.enumerable === true;
  const value = { value: traced, configurable: true, writable: true, enumerable };
  return Object.create(Reflect.getPrototypeOf(tool), { ...descriptors, [field]: value }) as object;
}

/** What is made of the steps of a loop. */
export interface StepListener {
  /** What came out in the end. */
  readonly output: () => unknown;
  /** Sees what a step gives, before the app does. Must not throw. */
  readonly step?: (value: unknown) => void;
}

/** Runs each step of an iterator within the loop, and ends it with the last one; at once when it cannot be followed. */
export function followSteps(
  run: AgentRun,
  iterator: object,
  { output, step: onStep }: StepListener,
): void {
  const { rivulet, span } = run;
  const end = (options: EndSpanOptions): void => endAgentRun(run, options, output);
  const noted = (step: unknown): unknown => {
    if (fieldOf(step, "done") === true) end({});
    else onStep?.(fieldOf(step, "value"));
    return step;
  };
  const thrown = (error: unknown): never => {
    end({ error: error ?? "nothing was thrown" });
    throw error;
  };
  const isFollowed = replaceMethod(iterator, "next", (next) => (...values) => {
    const step = rivulet.runInSpan(span, () => next(...values));
    return isThenable(step) ? step.then(noted, thrown) : noted(step);
  });
  const leaving = (method: Method): Method => {
    return (...values) => {
      end({ status: "cancelled", statusMessage: "The consumer stopped reading." });
      return rivulet.runInSpan(span, () => method(...values));
    };
  };
  replaceMethod(iterator, "return", leaving);
  replaceMethod(iterator, "throw", leaving);
  if (!isFollowed) end({});
}

/** Ends the span of a loop, once. */
export function endAgentRun(
  { rivulet, span }: AgentRun,
  options: EndSpanOptions,
  output: () => unknown,
): void {
  if (span.ended) return;
  let last: unknown;
  try {
    last = output();
  } catch (error) {
    rivulet.reportError(error);
  }
  span.end(last === undefined ? options : { ...options, output: last });
}

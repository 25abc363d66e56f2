import { isMessage, pickMessage } from "./pick-message.ts";

/** Messages are looked for this deep; below, values are taken as they are. */
const MAX_DEPTH = 8;
/** Bounds the time that looking for messages can take. */
const MAX_VALUES = 10_000;

interface Walk {
  values: number;
}

/**
 * The value with LangChain's messages and prompt values replaced by what is worth keeping of them. Other
 * parts are shared with the original: the span takes its own snapshot at once. Never throws.
 */
export function pickPayload(value: unknown): unknown {
  try {
    return pick({ values: 0 }, value, 0);
  } catch {
    return "[unreadable]";
  }
}

function pick(walk: Walk, value: unknown, depth: number): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (depth > MAX_DEPTH || ++walk.values > MAX_VALUES) return value;
  if (Array.isArray(value)) return pickItems(walk, value, depth);
  if (isMessage(value)) return pickMessage(value);
  if ("lc_namespace" in value) return pickPromptValue(walk, value, depth);
  return isRecord(value) ? pickFields(walk, value, depth) : value;
}

function pickItems(walk: Walk, items: readonly unknown[], depth: number): readonly unknown[] {
  let copy: unknown[] | undefined;
  for (let index = 0; index < items.length; index++) {
    const picked = pick(walk, items[index], depth + 1);
    if (picked === items[index]) continue;
    copy ??= items.slice();
    copy[index] = picked;
  }
  return copy ?? items;
}

function pickFields(walk: Walk, fields: Readonly<Record<string, unknown>>, depth: number): unknown {
  let replaced: [string, unknown][] | undefined;
  for (const name of Object.keys(fields)) {
    const picked = pick(walk, fields[name], depth + 1);
    if (picked === fields[name]) continue;
    replaced ??= [];
    replaced.push([name, picked]);
  }
  return replaced === undefined ? fields : { ...fields, ...Object.fromEntries(replaced) };
}

/** What a prompt makes: messages, or a text. */
function pickPromptValue(walk: Walk, value: object, depth: number): unknown {
  const { messages, value: text } = value as { messages?: unknown; value?: unknown };
  if (Array.isArray(messages)) return pickItems(walk, messages, depth);
  return typeof text === "string" ? text : value;
}

/** Plain objects, and LangGraph's `Command` and `Send`, which carry messages. */
function isRecord(value: object): value is Readonly<Record<string, unknown>> {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null || "lg_name" in value;
}

/** What the user of a sequence wants recorded of its input and output. */
export interface TracePolicy {
  readonly processInputs?: (inputs: unknown) => unknown;
  readonly processOutputs?: (outputs: unknown) => unknown;
}

/** Where LangChain's `RunnableSequence` puts the policy of its user. */
const TRACE_POLICY = Symbol.for("langchain.trace_policy");

/** The policy of a run, if its user set one. */
export function tracePolicy(
  extra: Readonly<Record<PropertyKey, unknown>> | undefined,
): TracePolicy | undefined {
  const policy = extra?.[TRACE_POLICY];
  return typeof policy === "object" && policy !== null ? policy : undefined;
}

/** What may be recorded of a payload. When the user's function fails, nothing is. */
export function applyPolicy(
  process: ((payload: unknown) => unknown) | undefined,
  payload: unknown,
): unknown {
  if (typeof process !== "function" || payload === undefined) return payload;
  try {
    return process(payload);
  } catch {
    return {};
  }
}

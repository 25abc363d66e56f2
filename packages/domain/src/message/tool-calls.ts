import { type Fields, isObject, readFields } from "./field-reader.ts";
import type { MessagePart, ToolCallPart } from "./message.ts";
import { readToolCall } from "./tool-parts.ts";

/** How frameworks and providers mark what is in a list of calls anyway. */
const CALL_TYPES: ReadonlySet<unknown> = new Set([
  "function",
  "custom",
  "tool_call",
  "invalid_tool_call",
  "tool-call",
]);

/**
 * Adds calls that a message lists beside its content. Frameworks list those that are in the content a second time:
 * they are added once, with the arguments that are there.
 */
export function addCalls(parts: MessagePart[], calls: readonly Fields[] = []): void {
  for (const call of calls) {
    const from = readFields(call);
    from.takeIf(isCallType, "type");
    addCall(parts, readToolCall(from));
  }
}

/** Whether it is a list of calls: each an object. */
export function isCalls(value: unknown): value is readonly Fields[] {
  return Array.isArray(value) && value.every(isObject);
}

function addCall(parts: MessagePart[], call: ToolCallPart): void {
  const place = parts.findIndex((part) => isSameCall(part, call));
  const same = parts[place];
  if (same?.type !== "tool_call") parts.push(call);
  else if (isEmpty(same)) parts[place] = { ...call, ...withExtras(same, call) };
}

/** One call, told twice: with the same arguments, or the first time, while it was streamed, with none. */
function isSameCall(part: MessagePart, call: ToolCallPart): boolean {
  if (part.type !== "tool_call" || part.id === undefined) return false;
  if (part.id !== call.id || part.name !== call.name) return false;
  return isEmpty(part) || argumentsText(part) === argumentsText(call);
}

function isEmpty({ arguments: given, invalidArguments }: ToolCallPart): boolean {
  if (invalidArguments !== undefined && invalidArguments !== "") return false;
  return (
    given === undefined || given === "" || (isObject(given) && Object.keys(given).length === 0)
  );
}

function argumentsText({ arguments: given, invalidArguments }: ToolCallPart): string | undefined {
  return invalidArguments ?? JSON.stringify(given);
}

function withExtras(first: ToolCallPart, second: ToolCallPart): Pick<ToolCallPart, "extra"> {
  const extra = { ...first.extra, ...second.extra };
  return Object.keys(extra).length === 0 ? {} : { extra };
}

function isCallType(value: unknown): value is string {
  return CALL_TYPES.has(value);
}

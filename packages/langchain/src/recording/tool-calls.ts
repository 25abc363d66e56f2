import type { Rivulet } from "@rivulet/core";
import { isMessage, type MessageLike, messageType } from "../runs/pick-message.ts";
import type { OpenRun, ToolCalls } from "../runs/run.ts";

/** Remembers on the node that this call of a tool had a run. */
export function noteToolStart(tool: OpenRun): void {
  if (tool.parent === undefined || tool.toolCallId === undefined) return;
  toolCalls(tool.parent).ids.add(tool.toolCallId);
}

/** Remembers on the node that a tool has failed whose call is not known. */
export function noteToolFailure({ parent, span, toolCallId }: OpenRun): void {
  if (parent === undefined || toolCallId !== undefined) return;
  toolCalls(parent).failedNames.push(span.name);
}

/**
 * LangGraph checks a tool's name and arguments before it reports a start, so that a bad call leaves no run,
 * only an error message in the node's output. Such calls get a span here.
 */
export function recordUnstartedTools(rivulet: Rivulet, node: OpenRun, output: unknown): void {
  if (node.role !== "node") return;
  for (const message of toolMessages(output)) {
    if (message.status !== "error" || hadRun(node, message)) continue;
    const span = rivulet.startSpan(String(message.name ?? "tool"), {
      type: "tool",
      parent: node.span,
      startTime: node.span.startTime,
      attributes: { "langchain.tool_call_id": message.tool_call_id, "langchain.synthetic": true },
    });
    span.end({ status: "error", statusMessage: String(message.content) });
  }
}

/** Tool messages of a node that returns nothing else; others may hand on what came before. */
function toolMessages(output: unknown): readonly MessageLike[] {
  const messages = answers(output, 0).filter(
    (value): value is MessageLike =>
      typeof value === "object" && value !== null && isMessage(value),
  );
  return messages.every((message) => messageType(message) === "tool") ? messages : [];
}

/** A tool node returns messages, `{ messages }`, or a list of both. */
function answers(output: unknown, depth: number): readonly unknown[] {
  if (Array.isArray(output)) return output.flatMap((item) => answers(item, depth + 1));
  if (typeof output !== "object" || output === null || depth > 3 || isMessage(output)) {
    return [output];
  }
  const { messages, output: wrapped } = output as { messages?: unknown; output?: unknown };
  const inner = messages ?? wrapped;
  return inner === undefined ? [] : answers(inner, depth + 1);
}

function hadRun({ toolCalls: calls }: OpenRun, message: MessageLike): boolean {
  if (calls === undefined) return false;
  if (calls.ids.has(String(message.tool_call_id))) return true;
  const failed = calls.failedNames.indexOf(String(message.name));
  if (failed < 0) return false;
  calls.failedNames.splice(failed, 1);
  return true;
}

function toolCalls(node: OpenRun): ToolCalls {
  node.toolCalls ??= { ids: new Set(), failedNames: [] };
  return node.toolCalls;
}

import type { ActiveSpan } from "@rivulet/core";
import { endOfFailure } from "./call-end.ts";
import { type Fields, fieldOf, fieldsOf, listOf, parsedOf, textOf } from "./read-value.ts";
import type { SdkCall } from "./sdk-call.ts";

/** Starts the span of a tool that runs. */
export function startTool(call: SdkCall, toolCall: unknown): ActiveSpan {
  const id = fieldOf(toolCall, "toolCallId");
  const span = toolSpan(call, toolCall);
  // A model that gives one id to two calls of a step: the first loses its end event.
  call.tools.get(id)?.end();
  call.tools.set(id, span);
  call.step?.toolCalls.add(id);
  return span;
}

/** Ends the span of a tool that ran. */
export function endTool(call: SdkCall, id: unknown, output: unknown): void {
  const span = call.tools.get(id);
  if (span === undefined) return;
  call.tools.delete(id);
  endWithOutput(call, span, output);
}

/**
 * Tool calls of a step that no event tells of get their span from its content: unknown and invalid ones,
 * those that the provider has run, and those that wait for approval or were denied it.
 */
export function addUntoldTools(call: SdkCall, content: unknown): void {
  const parts = listOf(content);
  for (const part of parts) {
    if (fieldOf(part, "type") !== "tool-call") continue;
    const id = fieldOf(part, "toolCallId");
    if (call.step?.toolCalls.has(id) === true) continue;
    const about = parts.filter((other) => other !== part && concerns(other, id));
    addUntoldTool(call, fieldsOf(part) ?? {}, about);
  }
}

function addUntoldTool(call: SdkCall, part: Fields, about: readonly unknown[]): void {
  const outcome = about.find((other) => /^tool-(result|error)$/.test(typeOf(other)));
  const request = about.find((other) => typeOf(other) === "tool-approval-request");
  const denial = about.find((other) => fieldOf(other, "approved") === false);
  // A tool without `execute` runs elsewhere, and there is nothing to show but the call itself.
  if ((outcome ?? request ?? denial ?? part["error"]) === undefined) return;
  const span = toolSpan(call, part);
  if (part["providerExecuted"] === true) span.setAttributes({ providerExecuted: true });
  if (denial !== undefined) {
    const reason = textOf(fieldOf(denial, "reason"));
    span.end({ status: "cancelled", statusMessage: reason ?? "The call was denied." });
  } else if (request !== undefined && outcome === undefined) {
    span.end({ status: "interrupted", statusMessage: "The call waits for approval." });
  } else {
    endWithOutput(call, span, outcome ?? { type: "tool-error", error: part["error"] });
  }
}

function toolSpan(call: SdkCall, toolCall: unknown): ActiveSpan {
  const span = call.rivulet.startSpan(textOf(fieldOf(toolCall, "toolName")) ?? "tool", {
    type: "tool",
    parent: call.step?.span ?? call.root,
  });
  if (call.policy.inputs) span.setInput(parsedOf(fieldOf(toolCall, "input")));
  const id = textOf(fieldOf(toolCall, "toolCallId"));
  if (id !== undefined) span.setAttributes({ toolCallId: id });
  return span;
}

function endWithOutput(call: SdkCall, span: ActiveSpan, output: unknown): void {
  if (typeOf(output) === "tool-error") {
    span.end(endOfFailure(fieldOf(output, "error"), call.policy));
    return;
  }
  const result = fieldOf(output, "output");
  span.end(call.policy.outputs && result !== undefined ? { output: result } : {});
}

function typeOf(part: unknown): string {
  return textOf(fieldOf(part, "type")) ?? "";
}

function concerns(part: unknown, id: unknown): boolean {
  const toolCall = fieldOf(part, "toolCall");
  return fieldOf(part, "toolCallId") === id || fieldOf(toolCall, "toolCallId") === id;
}

import type { ActiveSpan, EndSpanOptions } from "@rivulet/core";
import { describeVectors } from "../sdk/call-content.ts";
import { endOfFailure } from "../sdk/policy.ts";
import { type Fields, fieldOf, fieldsOf, listOf, parsedOf, textOf } from "../sdk/read-value.ts";
import type { SdkEvent } from "../sdk/sdk-event.ts";
import { toEmbeddingUsage } from "../sdk/token-usage.ts";
import { type SdkCall, type Step, type ToolRun, touch } from "./sdk-call.ts";

/** Starts the span of a tool that runs. */
export function startTool(call: SdkCall, toolCall: unknown): ToolRun {
  const id = fieldOf(toolCall, "toolCallId");
  const span = toolSpan(call, toolCall, call.step);
  const run: ToolRun = { span, toolCall, id, settled: undefined };
  call.tools.add(run);
  call.step?.toolCalls.push(id);
  return run;
}

/** Ends the span of the tool that an event tells of. */
export function endToldTool(call: SdkCall, toolCall: unknown, output: unknown): void {
  const run = findRun(call, toolCall, typeOf(output));
  if (run !== undefined) endTool(call, run, output);
}

/** Ends the span of a tool that ran. */
export function endTool(call: SdkCall, run: ToolRun, output: unknown): void {
  if (!call.tools.delete(run)) return;
  run.span.end(endOfTool(call, output));
  // A step is over when its last tool is.
  touch(call);
}

/** Of several with one id, whose objects are copies because inputs must not be told, it is one that ended so. */
function findRun({ tools }: SdkCall, toolCall: unknown, outcome: string): ToolRun | undefined {
  const id = fieldOf(toolCall, "toolCallId");
  const runs = [...tools].filter((run) => run.id === id);
  const same = runs.find((run) => run.toolCall === toolCall);
  return same ?? runs.find(({ settled }) => settled === outcome) ?? runs[0];
}

/**
 * Tool calls of a step that no event tells of get their span from its content: unknown and invalid ones,
 * those that the provider has run, and those that wait for approval or were denied it.
 */
export function addUntoldTools(call: SdkCall, step: Step, content: unknown): void {
  const parts = listOf(content);
  const told = [...step.toolCalls];
  for (const part of parts) {
    if (fieldOf(part, "type") !== "tool-call") continue;
    const id = fieldOf(part, "toolCallId");
    // Only what could run was told; several calls may have one id.
    const index = couldRun(part) ? told.indexOf(id) : -1;
    if (index >= 0) told.splice(index, 1);
    else {
      const about = parts.filter((other) => other !== part && concerns(other, id));
      addUntoldTool({ call, step, part: fieldsOf(part) ?? {} }, about);
    }
  }
}

function couldRun(part: unknown): boolean {
  return fieldOf(part, "invalid") !== true && fieldOf(part, "providerExecuted") !== true;
}

interface UntoldTool {
  readonly call: SdkCall;
  readonly step: Step;
  readonly part: Fields;
}

function addUntoldTool({ call, step, part }: UntoldTool, about: readonly unknown[]): void {
  const outcome = outcomeOf(part, about);
  const request = about.find((other) => typeOf(other) === "tool-approval-request");
  const denial = about.find((other) => fieldOf(other, "approved") === false);
  // A tool without `execute` runs elsewhere, and there is nothing to show but the call itself.
  if ((outcome ?? request ?? denial ?? part["error"]) === undefined) return;
  const span = toolSpan(call, part, step);
  if (part["providerExecuted"] === true) span.setAttributes({ providerExecuted: true });
  const time = step.endTime === undefined ? {} : { endTime: step.endTime };
  if (denial !== undefined) {
    const reason = textOf(fieldOf(denial, "reason")) ?? "The call was denied.";
    span.end({ ...time, status: "cancelled", statusMessage: reason });
  } else if (request !== undefined && outcome === undefined) {
    span.end({ ...time, status: "interrupted", statusMessage: "The call waits for approval." });
  } else {
    const told = outcome ?? { type: "tool-error", error: part["error"] };
    span.end({ ...time, ...endOfTool(call, told) });
  }
}

/** A call that was refused has an error of its own, and a namesake perhaps a result. */
function outcomeOf(part: Fields, about: readonly unknown[]): unknown {
  const { error } = part;
  const isRefused = part["invalid"] === true && error !== undefined;
  // What the provider ran may be unknown here: its result says more.
  if (isRefused && part["providerExecuted"] !== true) return { type: "tool-error", error };
  return about.find((other) => /^tool-(result|error)$/.test(typeOf(other)));
}

function toolSpan(call: SdkCall, toolCall: unknown, step: Step | undefined): ActiveSpan {
  const span = call.rivulet.startSpan(textOf(fieldOf(toolCall, "toolName")) ?? "tool", {
    type: "tool",
    parent: step?.span ?? call.root,
    // What is told after the end of its step happened before.
    ...(step?.endTime === undefined ? {} : { startTime: step.endTime }),
  });
  if (call.policy.inputs) span.setInput(parsedOf(fieldOf(toolCall, "input")));
  const id = textOf(fieldOf(toolCall, "toolCallId"));
  if (id !== undefined) span.setAttributes({ toolCallId: id });
  return span;
}

function endOfTool(call: SdkCall, output: unknown): EndSpanOptions {
  if (typeOf(output) === "tool-error") return endOfFailure(fieldOf(output, "error"), call.policy);
  const result = fieldOf(output, "output");
  return call.policy.outputs && result !== undefined ? { output: result } : {};
}

function typeOf(part: unknown): string {
  return textOf(fieldOf(part, "type")) ?? "";
}

function concerns(part: unknown, id: unknown): boolean {
  const toolCall = fieldOf(part, "toolCall");
  return fieldOf(part, "toolCallId") === id || fieldOf(toolCall, "toolCallId") === id;
}

/**
 * Starts the span of one embedding call. `embed` is one such call, and its own span: each attempt after the
 * first is an event of it.
 */
export function startEmbedding(call: SdkCall, event: SdkEvent): void {
  if (call.root.type === "embedding") {
    call.attempts++;
    if (call.attempts > 1) call.root.addEvent("retry", { attempt: call.attempts });
    return;
  }
  const modelId = textOf(event.modelId) ?? "unknown model";
  const provider = textOf(event.provider);
  const span = call.rivulet.startSpan(`embed ${modelId}`, {
    type: "embedding",
    parent: call.root,
    model: modelId,
    ...(provider === undefined ? {} : { provider }),
    ...(call.policy.inputs ? { input: event.values } : {}),
  });
  call.embeddings.set(event.embedCallId, span);
}

/** Ends the span of one embedding call that was answered. */
export function endEmbedding(call: SdkCall, event: SdkEvent): void {
  const span = call.embeddings.get(event.embedCallId);
  if (span === undefined) return;
  call.embeddings.delete(event.embedCallId);
  const usage = toEmbeddingUsage(event.usage);
  if (usage !== undefined) span.setUsage(usage);
  const vectors = listOf(event.embeddings);
  span.end(call.policy.outputs && vectors.length > 0 ? { output: describeVectors(vectors) } : {});
}

import { type Method, type Rivulet, replaceMethod } from "@rivulet/core";
import { type AgentRun, endAgentRun, followSteps, startAgentRun } from "../calls/agent-run.ts";
import { fieldOf, fieldsOf, isThenable, listOf, textOf } from "../calls/read-value.ts";
import { isModelActive } from "../calls/traced-call.ts";
import { CONTENT, inputOf } from "./generate-content.ts";

/** Traces calls with tools that the client calls itself: a span for the loop, and one for each call of a tool. */
export function traceFunctionCalling(models: object, rivulet: Rivulet): void {
  for (const name of ["generateContent", "generateContentStream"]) {
    replaceMethod(models, name, (generate) => (params) => {
      const traced = withTracedTools(rivulet, params);
      if (traced === undefined || isModelActive(rivulet)) return generate(params);
      const run = startAgentRun(rivulet, "call functions", () => inputOf(fieldsOf(params)));
      return runLoop(run, () => generate(traced));
    });
  }
}

/** The same call with its tools traced; `undefined` where the client calls none, or this cannot be read. */
function withTracedTools(rivulet: Rivulet, params: unknown): object | undefined {
  try {
    const config = fieldsOf(fieldOf(params, "config"));
    const tools = listOf(config["tools"]);
    if (!tools.some(isCallable)) return undefined;
    const traced = tools.map((tool) => (isCallable(tool) ? withTracedCalls(rivulet, tool) : tool));
    return { ...fieldsOf(params), config: { ...config, tools: traced } };
  } catch (error) {
    rivulet.reportError(error);
    return undefined;
  }
}

function runLoop(run: AgentRun, generate: () => unknown): unknown {
  const { rivulet, span } = run;
  const seen = (result: unknown): unknown => {
    if (isIterator(result)) followSteps(run, result, { output: () => undefined });
    else endAgentRun(run, {}, () => CONTENT.answer(result).output);
    return result;
  };
  const fail = (error: unknown): never => {
    endAgentRun(run, { error: error ?? "nothing was thrown" }, () => undefined);
    throw error;
  };
  try {
    const result = rivulet.runInSpan(span, generate);
    return isThenable(result) ? result.then(seen, fail) : seen(result);
  } catch (error) {
    return fail(error);
  }
}

function isCallable(tool: unknown): tool is object {
  return typeof fieldOf(tool, "callTool") === "function";
}

/** The tool itself stands behind: its class may be asked for, and its own fields stay with it. */
function withTracedCalls(rivulet: Rivulet, tool: object): object {
  const { tool: describe, callTool } = fieldsOf(tool);
  const bound = (method: unknown): Method => {
    return (...values) => Reflect.apply(method as Method, tool, values) as unknown;
  };
  const call = bound(callTool);
  const traced: Method = (calls) => {
    const input = listOf(calls);
    const name = input.map((one) => textOf(fieldOf(one, "name"))).join(", ") || "tool";
    return rivulet.withSpan(name, () => call(calls), { type: "tool", input: argumentsOf(input) });
  };
  return Object.create(tool, {
    tool: { value: bound(describe) },
    callTool: { value: traced },
  }) as object;
}

function argumentsOf(calls: readonly unknown[]): unknown {
  return calls.length === 1 ? fieldOf(calls[0], "args") : calls;
}

function isIterator(value: unknown): value is object {
  return typeof fieldOf(value, "next") === "function";
}

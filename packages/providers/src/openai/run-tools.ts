import { type Rivulet, replaceMethod } from "@rivulet/core";
import { type AgentRun, endAgentRun, startAgentRun, tracedTool } from "../calls/agent-run.ts";
import { readOutput } from "../calls/chat.ts";
import { type Fields, fieldOf, fieldsOf, listOf, textOf } from "../calls/read-value.ts";
import { isModelActive } from "../calls/traced-call.ts";

/** Traces `runTools`: a span for the loop, and one for each call of a tool. Its model calls are traced as all are. */
export function traceRunTools(client: object, rivulet: Rivulet): void {
  const completions = fieldOf(fieldOf(client, "chat"), "completions");
  if (typeof completions !== "object" || completions === null) return;
  replaceMethod(completions, "runTools", (runTools) => (body, options) => {
    if (isModelActive(rivulet)) return runTools(body, options);
    const run = startAgentRun(rivulet, "run tools", () => body);
    const traced = withTracedTools(rivulet, body);
    try {
      const runner = rivulet.runInSpan(run.span, () => runTools(traced, options));
      followRunner(run, fieldsOf(runner));
      return runner;
    } catch (error) {
      endAgentRun(run, { error }, () => undefined);
      throw error;
    }
  });
}

/** The same request with its tools traced; the request itself where it cannot be read. */
function withTracedTools(rivulet: Rivulet, body: unknown): unknown {
  try {
    const tools = listOf(fieldOf(body, "tools")).map((tool) => withTracedFunction(rivulet, tool));
    return { ...fieldsOf(body), tools };
  } catch (error) {
    rivulet.reportError(error);
    return body;
  }
}

/** Tools made with a schema carry their function beside, others in the definition of their function. */
function withTracedFunction(rivulet: Rivulet, tool: unknown): unknown {
  if (typeof tool !== "object" || tool === null) return tool;
  const { function: definition } = fieldsOf(tool);
  const run = fieldOf(definition, "function");
  const ownName = typeof run === "function" ? textOf(run.name) : undefined;
  const name = textOf(fieldOf(definition, "name")) ?? ownName ?? "tool";
  const traced = tracedTool(rivulet, tool, { name, field: "$callback" });
  if (typeof definition !== "object" || definition === null || typeof run !== "function")
    return traced;
  return Object.create(Reflect.getPrototypeOf(traced), {
    ...Object.getOwnPropertyDescriptors(traced),
    function: {
      value: tracedTool(rivulet, definition, { name, field: "function" }),
      configurable: true,
      enumerable: true,
      writable: true,
    },
  });
}

/**
 * Its events are looked at as they are sent: a listener for errors would make them count as handled. What has no events
 * tells no end.
 */
function followRunner(run: AgentRun, runner: Fields): void {
  let failure: { readonly error: unknown } | undefined;
  const isFollowed = replaceMethod(runner, "_emit", (emit) => (event, ...values) => {
    if (event === "error" || event === "abort") failure = { error: values[0] };
    if (event === "end") endAgentRun(run, failure ?? {}, () => lastSaid(runner));
    return emit(event, ...values);
  });
  if (!isFollowed) endAgentRun(run, {}, () => undefined);
}

function lastSaid({ messages }: Fields): unknown {
  const last = listOf(messages).at(-1);
  return last === undefined ? undefined : readOutput([last]);
}

import { type Rivulet, replaceMethod } from "@rivulet/core";
import { followSteps, startAgentRun, tracedTool } from "../calls/agent-run.ts";
import { readOutput } from "../calls/chat.ts";
import { observeStream } from "../calls/observe-stream.ts";
import { fieldOf, fieldsOf, listOf, textOf } from "../calls/read-value.ts";
import { isModelActive } from "../calls/traced-call.ts";
import { takeOver } from "../stainless/api-promise.ts";

/** Traces `beta.messages.toolRunner`: a span for the loop, once it is read, and one for each call of a tool. */
export function traceToolRunner(client: object, rivulet: Rivulet): void {
  const messages = fieldOf(fieldOf(client, "beta"), "messages");
  if (typeof messages !== "object" || messages === null) return;
  replaceMethod(messages, "toolRunner", (toolRunner) => (body, options) => {
    const runner = toolRunner(withTracedTools(rivulet, body), options);
    if (typeof runner === "object" && runner !== null) followRunner(rivulet, runner, body);
    return runner;
  });
}

/** The same request with its tools traced; the request itself where it has none, or cannot be read. */
function withTracedTools(rivulet: Rivulet, body: unknown): unknown {
  try {
    const given = fieldsOf(body);
    if (given["tools"] === undefined) return body;
    return { ...given, tools: listOf(given["tools"]).map((tool) => withTracedRun(rivulet, tool)) };
  } catch (error) {
    rivulet.reportError(error);
    return body;
  }
}

/** Sets of tools are of classes, and stay what they are. */
function withTracedRun(rivulet: Rivulet, tool: unknown): unknown {
  const isPlain =
    typeof tool === "object" && tool !== null && Reflect.getPrototypeOf(tool) === Object.prototype;
  const name = textOf(fieldOf(tool, "name")) ?? textOf(fieldOf(tool, "type")) ?? "tool";
  return isPlain ? tracedTool(rivulet, tool, { name, field: "run" }) : tool;
}

function followRunner(rivulet: Rivulet, runner: object, body: unknown): void {
  replaceMethod(runner, Symbol.asyncIterator, (iterate) => () => {
    const iterator = iterate();
    if (typeof iterator !== "object" || iterator === null || isModelActive(rivulet))
      return iterator;
    const run = startAgentRun(rivulet, "run tools", () => body);
    followSteps(run, iterator, { output: () => lastSaid(runner), step: followTurn });
    return iterator;
  });
}

/** A turn that streams is read by its helper alone, which tells of it by events. */
function followTurn(turn: unknown): void {
  const { on } = fieldsOf(turn);
  if (typeof on !== "function") return;
  const listen = (event: string, listener: (value: unknown) => void): unknown =>
    Reflect.apply(on, turn, [event, listener]) as unknown;
  listen("connect", () => {
    const call = takeOver(fieldOf(turn, "response"));
    if (call === undefined) return;
    const observer = observeStream(call, fieldOf(fieldOf(turn, "controller"), "signal"));
    listen("streamEvent", observer.chunk);
    listen("end", observer.done);
  });
}

function lastSaid(runner: object): unknown {
  const last = listOf(fieldOf(fieldOf(runner, "params"), "messages")).at(-1);
  return last === undefined ? undefined : readOutput([last]);
}

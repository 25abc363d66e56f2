import type { ActiveSpan, EndSpanOptions, Rivulet } from "@rivulet/core";
import { readInput } from "../calls/chat.ts";
import { type Fields, fieldsOf, listOf, textOf, withoutNothing } from "../calls/read-value.ts";
import { Conversation } from "./conversation.ts";

/** One run of an agent: its span, and those of the conversations and tools in it. */
export class RecordedRun {
  readonly rivulet: Rivulet;
  readonly span: ActiveSpan;
  readonly #signal: AbortSignal | undefined;
  readonly #endsWithResult: boolean;
  readonly #main: Conversation;
  /** Tools that have not answered, and the conversations of the subagents in them, by the id of the call. */
  readonly #tools = new Map<string, ActiveSpan>();
  readonly #subagents = new Map<string, Conversation>();
  #failure: EndSpanOptions = {};
  #hasResult = false;

  private constructor(rivulet: Rivulet, span: ActiveSpan, params: Fields) {
    const { prompt } = params;
    const options = fieldsOf(params["options"]);
    const signal = fieldsOf(options["abortController"])["signal"];
    const system = textOf(options["systemPrompt"]);
    this.rivulet = rivulet;
    this.span = span;
    this.#signal = signal instanceof AbortSignal ? signal : undefined;
    this.#endsWithResult = typeof prompt === "string";
    this.#main = new Conversation(rivulet, span, system);
    if (typeof prompt === "string") this.#main.say({ role: "user", content: prompt });
    span.setInput(readInput({ system, messages: this.#main.messages }));
  }

  /** Starts the span of a run. `undefined` when nothing is to be recorded. */
  static start(rivulet: Rivulet, params: unknown): RecordedRun | undefined {
    try {
      const span = rivulet.startSpan("claude agent", { type: "agent", provider: "anthropic" });
      return span.sampled ? new RecordedRun(rivulet, span, fieldsOf(params)) : undefined;
    } catch (error) {
      rivulet.reportError(error);
      return undefined;
    }
  }

  /** Takes the next message of the SDK. Never throws. */
  take(message: Fields): void {
    try {
      this.#read(message);
    } catch (error) {
      this.rivulet.reportError(error);
    }
  }

  /** Ends the run, and all that is open in it; after a result it is what the result said. */
  end(options: EndSpanOptions): void {
    const isStopped = this.#signal?.aborted === true && options.status !== "abandoned";
    const told: EndSpanOptions = isStopped ? { status: "cancelled" } : options;
    const end = this.#hasResult ? this.#failure : told;
    for (const conversation of [this.#main, ...this.#subagents.values()]) conversation.end(end);
    for (const tool of this.#tools.values()) tool.end(end);
    this.#tools.clear();
    this.#subagents.clear();
    this.span.end(end);
  }

  #read(message: Fields): void {
    const conversation = this.#conversationOf(message);
    const said = fieldsOf(message["message"]);
    if (message["type"] === "stream_event") conversation.stream(fieldsOf(message["event"]));
    else if (message["type"] === "assistant") {
      conversation.answer(said, message);
      for (const block of listOf(said["content"])) this.#callTool(conversation, fieldsOf(block));
    } else if (message["type"] === "user") {
      conversation.say(said);
      for (const block of listOf(said["content"])) this.#answerTool(fieldsOf(block));
    } else if (message["type"] === "system") this.#describe(message);
    else if (message["type"] === "result") this.#finish(message);
  }

  /** That of the run, or that of the subagent which a tool has started. */
  #conversationOf({ parent_tool_use_id: id }: Fields): Conversation {
    const tool = typeof id === "string" ? this.#tools.get(id) : undefined;
    if (typeof id !== "string" || tool === undefined) return this.#main;
    const known = this.#subagents.get(id);
    if (known !== undefined) return known;
    const conversation = new Conversation(this.rivulet, tool);
    this.#subagents.set(id, conversation);
    return conversation;
  }

  #callTool({ parent }: Conversation, block: Fields): void {
    const { type, id, name, input } = block;
    if (type !== "tool_use" || typeof id !== "string" || this.#tools.has(id)) return;
    const attributes = { toolCallId: id };
    this.#tools.set(
      id,
      this.rivulet.startSpan(textOf(name) ?? "tool", { type: "tool", parent, input, attributes }),
    );
  }

  #answerTool({ type, tool_use_id: id, content, is_error: isError }: Fields): void {
    if (type !== "tool_result" || typeof id !== "string") return;
    this.#subagents.get(id)?.end({});
    this.#subagents.delete(id);
    const end = isError === true ? { error: failureText(content), output: content } : {};
    this.#tools.get(id)?.end({ output: content, ...end });
    this.#tools.delete(id);
  }

  #describe({ subtype, session_id: session, ...message }: Fields): void {
    if (subtype !== "init") return;
    if (typeof session === "string") this.span.setTrace({ sessionId: session });
    this.span.setAttributes(
      withoutNothing({
        requestModel: textOf(message["model"]),
        claudeCodeVersion: textOf(message["claude_code_version"]),
        permissionMode: textOf(message["permissionMode"]),
      }),
    );
  }

  #finish(result: Fields): void {
    const { subtype, result: output, is_error: isError, errors } = result;
    this.#hasResult = true;
    const why = listOf(errors).map(String).join("\n") || textOf(output) || textOf(subtype);
    this.#failure = isError === true ? { status: "error", statusMessage: why ?? "error" } : {};
    const denials = listOf(result["permission_denials"]);
    this.span.setAttributes(
      withoutNothing({
        turns: result["num_turns"],
        finishReason: textOf(result["stop_reason"]),
        // What was counted stands on the calls; these are the SDK's own sums, which know of calls that it does not show.
        totalCostUsd: result["total_cost_usd"],
        modelUsage: result["modelUsage"],
        permissionDenials: denials.length === 0 ? undefined : denials,
      }),
    );
    const answer = result["structured_output"] ?? output;
    if (answer !== undefined) this.span.setOutput(answer);
    if (this.#endsWithResult) this.end({});
  }
}

function failureText(content: unknown): string {
  const texts = listOf(content).map((part) => textOf(fieldsOf(part)["text"]));
  return textOf(content) ?? (texts.filter(Boolean).join("\n") || "The tool failed.");
}

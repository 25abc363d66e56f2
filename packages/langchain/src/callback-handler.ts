import type { Rivulet } from "@rivulet/core";
import { handlerSettings, type RivuletCallbackHandlerOptions } from "./handler-options.ts";
import { createRunRecorder, type RunRecorder } from "./recording/run-recorder.ts";
import { chainKind } from "./recording/run-starter.ts";
import { asSignal, type Caller, currentCaller } from "./runs/caller.ts";
import { fieldsOf } from "./runs/read-fields.ts";
import type { RunStart } from "./runs/run.ts";
import type { RunTableStats } from "./runs/run-table.ts";
import { clientRuns } from "./runs/run-table.ts";

type Fields = Record<string, unknown>;

/** With this property LangGraph tells when a graph stops for a human, and when it goes on. */
const GRAPH_EVENTS = Symbol.for("langgraph.graph_callback_handler");

/** What LangChain asks a handler before it tells of an event. */
const KINDS = [
  "ignoreLLM",
  "ignoreChain",
  "ignoreAgent",
  "ignoreRetriever",
  "ignoreCustomEvent",
] as const;

function eventMethods(handler: RivuletCallbackHandler): readonly (keyof RivuletCallbackHandler)[] {
  const names = Object.getOwnPropertyNames(handler) as (keyof RivuletCallbackHandler)[];
  return names.filter((name) => name.startsWith("handle"));
}

/** What a model is called with, and what may stop it. */
function requestOf(extra: Fields | undefined): Pick<RunStart, "invocation" | "signal"> {
  const { invocation_params, options } = extra ?? {};
  return {
    invocation: invocation_params as Fields | undefined,
    signal: asSignal(fieldsOf(options)["signal"]),
  };
}

/**
 * Records LangChain and LangGraph calls as traces: pass it as a callback.
 *
 * ```ts
 * await chain.invoke(input, { callbacks: [new RivuletCallbackHandler(rivulet)] });
 * ```
 *
 * It is known to LangChain by its shape alone, so it fits every copy and version of it. The positions of the
 * arguments are those of the calls at run time: the declarations of LangChain 1.x name them in another order.
 * No method throws or waits.
 */
export class RivuletCallbackHandler {
  /** Name that LangChain lists the handler under. */
  readonly name = "rivulet";
  /** In the background, LangChain would tell of an event in another request's context, and after its end. */
  readonly awaitHandlers = true;
  /** LangChain must not let a handler's error fail the app. */
  readonly raiseError = false;
  /** The handler is left out of serialized chains. */
  readonly lc_serializable = false;
  /** LangChain reports model runs. */
  declare readonly ignoreLLM: boolean;
  /** LangChain reports chain and graph runs. */
  declare readonly ignoreChain: boolean;
  /** LangChain reports agent actions and tool runs. */
  declare readonly ignoreAgent: boolean;
  /** LangChain reports retriever runs. */
  declare readonly ignoreRetriever: boolean;
  /** LangChain reports custom events. */
  declare readonly ignoreCustomEvent: boolean;
  readonly #rivulet: Rivulet;
  readonly #recorder: RunRecorder;

  #caller: Caller | undefined;
  /** LangChain itself tells of the next event, not code that calls the handler by hand. */
  #asked = false;

  static {
    const { prototype } = RivuletCallbackHandler;
    // Whatever LangChain hands over, and whatever it does when it is looked at, nothing is thrown.
    for (const name of eventMethods(prototype)) guard(name);
    for (const name of KINDS) Object.defineProperty(prototype, name, { get: noteCaller });

    function guard(name: keyof RivuletCallbackHandler): void {
      const record = prototype[name] as (...given: unknown[]) => void;
      const value = function (this: RivuletCallbackHandler, ...given: unknown[]): void {
        try {
          record.apply(this, given);
        } catch (error) {
          this.#rivulet.reportError(error);
        }
      };
      Object.defineProperty(prototype, name, { value });
    }

    /** LangChain asks in the context of the caller, at once before it tells of an event outside of any context. */
    function noteCaller(this: RivuletCallbackHandler): boolean {
      if (!(#caller in this)) return false;
      this.#caller = currentCaller();
      this.#asked = true;
      return false;
    }
  }

  /** Handlers of the same client share what they know of open runs; one per request is fine. */
  constructor(rivulet: Rivulet, options: RivuletCallbackHandlerOptions = {}) {
    Object.defineProperty(this, GRAPH_EVENTS, { value: true });
    this.#rivulet = rivulet;
    const settings = handlerSettings(options, rivulet);
    this.#recorder = createRunRecorder({ rivulet, settings, runs: clientRuns(rivulet) });
  }

  /** How the LangChain runs of this client are doing. */
  stats(): RunTableStats {
    return clientRuns(this.#rivulet).stats();
  }

  /** Whether this handler records into `rivulet`. */
  recordsInto(rivulet: Rivulet): boolean {
    return this.#rivulet === rivulet;
  }

  /** Returns the handler itself, since its state is shared between runs. */
  copy(): this {
    return this;
  }

  /** What `JSON.stringify` shows of the handler; nothing of the client. */
  toJSON(): object {
    return { lc: 1, type: "not_implemented", id: ["rivulet", "RivuletCallbackHandler"] };
  }

  #start(start: RunStart): void {
    const caller = this.#caller;
    this.#caller = undefined;
    this.#recorder.start(caller === undefined ? start : { ...start, caller });
    // LangChain runs a model in no context of its own, but tells of it in the function that calls it.
    const model = this.#asked && start.kind === "chat_model" ? start.runId : undefined;
    this.#asked = false;
    const run = model === undefined ? undefined : clientRuns(this.#rivulet).get(model);
    if (run !== undefined) this.#rivulet.enterSpan(run.span);
  }

  /** A chain, graph or node starts: opens its span. */
  handleChainStart(
    serialized: unknown,
    input: unknown,
    runId: string,
    parentRunId?: string,
    tags?: string[],
    metadata?: Fields,
    runType?: string,
    name?: string,
    extra?: Fields,
  ): void {
    const kind = chainKind(runType);
    const start = { kind, serialized, input, runId, parentRunId, tags, metadata };
    this.#start({ ...start, name, extra });
  }

  /** A chain, graph or node has returned: ends its span. */
  handleChainEnd(
    output: unknown,
    runId: string,
    _parentRunId?: string,
    _tags?: string[],
    late?: { inputs?: unknown },
  ): void {
    this.#recorder.end({ runId, output, inputs: late?.inputs });
  }

  /** A chain, graph or node has thrown: ends its span with the error. */
  handleChainError(
    error: unknown,
    runId: string,
    _parentRunId?: string,
    _tags?: string[],
    late?: { inputs?: unknown },
  ): void {
    this.#recorder.fail({ runId, error, inputs: late?.inputs });
  }

  /** A chat model is called: opens its span with the messages. */
  handleChatModelStart(
    serialized: unknown,
    messages: unknown[][],
    runId: string,
    parentRunId?: string,
    extra?: Fields,
    tags?: string[],
    metadata?: Fields,
    name?: string,
  ): void {
    const start = { serialized, input: messages?.[0], runId, parentRunId, tags, metadata };
    this.#start({ kind: "chat_model", ...start, ...requestOf(extra), name });
  }

  /** A text model is called: opens its span with the prompts. */
  handleLLMStart(
    serialized: unknown,
    prompts: string[],
    runId: string,
    parentRunId?: string,
    extra?: Fields,
    tags?: string[],
    metadata?: Fields,
    name?: string,
  ): void {
    const start = { serialized, input: prompts?.[0], runId, parentRunId, tags, metadata };
    this.#start({ kind: "llm", ...start, ...requestOf(extra), name });
  }

  /** A streaming model has sent a token; the first one is timed. */
  handleLLMNewToken(
    token: string,
    _index: unknown,
    runId: string,
    _parentRunId?: string,
    _tags?: string[],
    fields?: Fields,
  ): void {
    this.#recorder.token({ runId, token, chunk: fields?.["chunk"] });
  }

  /** A streaming chat model has sent an event; the first with content is timed. */
  handleChatModelStreamEvent(event: unknown, runId: string): void {
    this.#recorder.streamEvent({ runId, event });
  }

  /** A model has answered: ends its span with answer and usage. */
  handleLLMEnd(
    result: unknown,
    runId: string,
    _parentRunId?: string,
    _tags?: string[],
    extra?: Fields,
  ): void {
    this.#recorder.endModel({ runId, result, cached: extra?.["cached"] === true });
  }

  /** A model call has failed: ends its span with the error. */
  handleLLMError(error: unknown, runId: string): void {
    this.#recorder.fail({ runId, error });
  }

  /** A tool starts: opens its span. */
  handleToolStart(
    serialized: unknown,
    input: string,
    runId: string,
    parentRunId?: string,
    tags?: string[],
    metadata?: Fields,
    name?: string,
    toolCallId?: string,
  ): void {
    const start = { serialized, input, runId, parentRunId, tags, metadata, name };
    this.#start({ kind: "tool", ...start, toolCallId });
  }

  /** A tool has returned: ends its span. */
  handleToolEnd(output: unknown, runId: string): void {
    this.#recorder.end({ runId, output });
  }

  /** A tool has thrown: ends its span with the error. */
  handleToolError(error: unknown, runId: string): void {
    this.#recorder.fail({ runId, error });
  }

  /** A retriever is queried: opens its span. */
  handleRetrieverStart(
    serialized: unknown,
    query: string,
    runId: string,
    parentRunId?: string,
    tags?: string[],
    metadata?: Fields,
    name?: string,
  ): void {
    const start = { serialized, input: query, runId, parentRunId, tags, metadata, name };
    this.#start({ kind: "retriever", ...start });
  }

  /** A retriever has returned documents: ends its span. */
  handleRetrieverEnd(documents: unknown, runId: string): void {
    this.#recorder.end({ runId, output: documents });
  }

  /** A retriever has failed: ends its span with the error. */
  handleRetrieverError(error: unknown, runId: string): void {
    this.#recorder.fail({ runId, error });
  }

  /** The app dispatched an event: adds it to the span of the run. */
  handleCustomEvent(name: string, data: unknown, runId: string): void {
    this.#recorder.note({ runId, name, data });
  }

  /** Classic agents only; the run is the agent's chain. */
  handleAgentAction(action: unknown, runId: string): void {
    this.#recorder.note({ runId, name: "agent_action", data: action });
  }

  /** A graph has stopped for a human: notes what it waits for, and its checkpoint. */
  handleInterrupt(pause: { runId: string; status?: unknown; checkpointId?: unknown }): void {
    this.#recorder.pause(pause);
  }

  /** A graph continues after an interrupt: notes so, and its checkpoint. */
  handleResume(pause: { runId: string; status?: unknown; checkpointId?: unknown }): void {
    this.#recorder.resume(pause);
  }
}

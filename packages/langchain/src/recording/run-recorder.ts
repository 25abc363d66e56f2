import { type EndSpanOptions, failureEnd, readFailure } from "@rivulet/core";
import { applyPolicy, pickPayload } from "../runs/pick-payload.ts";
import {
  type OpenRun,
  type PassedRun,
  partialAnswer,
  type RunStart,
  takeToken,
} from "../runs/run.ts";
import { placeOfRun } from "../runs/run-table.ts";
import { readChunkUsage } from "./answer-usage.ts";
import { eventToken, type ModelEnd, takeModelResult } from "./model-call.ts";
import { createRunStarter, type RecorderParts } from "./run-starter.ts";
import { noteToolFailure, recordUnstartedTools } from "./tool-calls.ts";

/** A run that ends. */
interface RunEnd {
  readonly runId: string;
  readonly output?: unknown;
  /** The input, when it was not there at the start. */
  readonly inputs?: unknown;
}

/** A run that fails, or that LangGraph leaves by an "error". */
interface RunError {
  readonly runId: string;
  readonly error: unknown;
  readonly inputs?: unknown;
}

/** What LangGraph tells of a graph that stops for a human, or goes on. */
interface GraphPause {
  readonly runId: string;
  readonly status?: unknown;
  readonly checkpointId?: unknown;
  readonly interrupts?: unknown;
}

/** A piece of a model's answer. */
interface TokenEvent {
  readonly runId: string;
  readonly token: unknown;
  /** `{ text, message }`, where the model tells it. */
  readonly chunk?: unknown;
}

/** Turns what LangChain tells of its runs into spans. Whoever calls it guards the app from what it throws. */
export interface RunRecorder {
  start(start: RunStart): void;
  end(end: RunEnd): void;
  endModel(end: ModelEnd): void;
  fail(failure: RunError): void;
  token(event: TokenEvent): void;
  streamEvent(event: { readonly runId: string; readonly event: unknown }): void;
  /** Something that happens inside a run. */
  note(event: { readonly runId: string; readonly name: string; readonly data: unknown }): void;
  pause(pause: GraphPause): void;
  resume(pause: GraphPause): void;
}

/** Events in which Google's package reports each request and answer as it is, which the span has as messages. */
const COPIES = /^google-(?:request|response|chunk)-/;

/** A recorder for one handler. */
export function createRunRecorder(parts: RecorderParts): RunRecorder {
  const { rivulet, runs } = parts;
  const finish = createRunFinisher(parts);

  /** Events of runs that are not open are dropped: a handler may be told twice. */
  function onRun<E extends { readonly runId: string }>(
    record: (run: OpenRun, event: E) => void,
    otherwise?: (event: E) => void,
  ): (event: E) => void {
    return (event) => {
      const run = runs.get(event.runId);
      if (run === undefined) otherwise?.(event);
      else record(run, event);
    };
  }

  return Object.freeze<RunRecorder>({
    start: createRunStarter(parts),
    end: onRun(finish.end, finish.endPassed),
    endModel: onRun(finish.endModel),
    fail: onRun(finish.fail, finish.failPassed),
    token: onRun((run, { token, chunk }) => {
      takeToken(run, { token, usage: readChunkUsage(chunk) }, rivulet.now());
    }),
    streamEvent: onRun((run, { event }) => {
      const token = eventToken(event);
      if (token !== undefined) takeToken(run, { token }, rivulet.now());
    }),
    note: onRun(({ span }, { name, data }) => {
      if (!COPIES.test(name)) span.addEvent(name, { data: pickPayload(data) });
    }),
    pause: onRun((run, { interrupts, ...pause }) => {
      run.interrupts = pickPayload(interrupts ?? []);
      run.span.setAttributes(checkpointAttributes(pause));
    }),
    resume: onRun(({ span }, pause) => {
      span.setAttributes({ "langgraph.resumed": true, ...checkpointAttributes(pause) });
    }),
  });
}

function checkpointAttributes({
  status,
  checkpointId,
}: Omit<GraphPause, "runId">): Record<string, unknown> {
  return {
    ...(status === undefined ? {} : { "langgraph.status": status }),
    ...(checkpointId === undefined ? {} : { "langgraph.checkpoint_id": checkpointId }),
  };
}

/** Ends runs. */
interface RunFinisher {
  end(run: OpenRun, end: RunEnd): void;
  endModel(run: OpenRun, end: ModelEnd): void;
  fail(run: OpenRun, failure: RunError): void;
  /** A run without a span ends. */
  endPassed(end: RunEnd): void;
  failPassed(failure: RunError): void;
}

/** Makes the part of the recorder that ends runs. */
function createRunFinisher(parts: RecorderParts): RunFinisher {
  const { rivulet, runs } = parts;

  function close(run: OpenRun, options: EndSpanOptions): void {
    runs.remove(run);
    run.parent?.watch.touch();
    run.span.end(options);
  }

  return {
    end(run, { output, inputs }) {
      takeLateInput(run, inputs);
      recordUnstartedTools(rivulet, run, output);
      const end = keptOutput(run, output);
      close(run, run.interrupts === undefined ? end : { ...end, ...pausedStatus(run) });
    },
    endModel(run, end) {
      close(run, { output: takeModelResult(run, end) });
    },
    fail(run, { error, inputs }) {
      takeLateInput(run, inputs);
      if (run.kind === "tool") noteToolFailure(run);
      const options = failedStatus(run, error);
      close(run, run.stream === undefined ? options : { ...options, ...partialAnswer(run) });
    },
    endPassed({ runId }) {
      runs.takePassed(runId);
    },
    failPassed(failure) {
      const passed = runs.takePassed(failure.runId);
      if (passed !== undefined && isDefect(failure.error)) {
        recordCollapsed(parts, passed, failure);
      }
    },
  };
}

const NOTHING: EndSpanOptions = Object.freeze({});

/** A prompt that lacks a value, or an answer that cannot be parsed, is worth its span. */
function recordCollapsed(
  { rivulet, runs }: RecorderParts,
  { parentRunId, step }: PassedRun,
  { error, inputs }: RunError,
): void {
  if (step === undefined) return;
  const { name, input, ...rest } = step;
  const span = rivulet.startSpan(name, {
    ...rest,
    input: pickPayload(inputs ?? input),
    parent: placeOfRun(rivulet, runs, parentRunId) ?? null,
  });
  span.end({ error: error ?? "nothing was thrown" });
}

function takeLateInput(run: OpenRun, inputs: unknown): void {
  if (inputs === undefined || !run.keepsPayload) return;
  run.span.setInput(pickPayload(applyPolicy(run.policy?.processInputs, inputs)));
}

function keptOutput({ keepsPayload, policy }: OpenRun, output: unknown): EndSpanOptions {
  if (!keepsPayload) return NOTHING;
  return { output: pickPayload(applyPolicy(policy?.processOutputs, output)) };
}

/** A graph that waits ends like any other; that it waits was told before, or by a node in it. */
function pausedStatus({ interrupts, span }: OpenRun): EndSpanOptions {
  if (interrupts === undefined) return {};
  span.setAttributes({ "langgraph.interrupts": interrupts });
  return { status: "interrupted" };
}

/** An interrupt is no error, nor is going on elsewhere: `Command({ graph: Command.PARENT })`. */
function failedStatus(run: OpenRun, error: unknown): EndSpanOptions {
  if (!isBubble(error)) return thrownStatus(run, error);
  if (error.interrupts === undefined) {
    run.span.setAttributes({ "langgraph.handoff": true });
    return {};
  }
  run.interrupts = pickPayload(error.interrupts);
  if (run.parent !== undefined) run.parent.interrupts ??= run.interrupts;
  return pausedStatus(run);
}

/** What stops a run stops those above it too, which know nothing of the signal: it is handed up with the error. */
function thrownStatus(run: OpenRun, error: unknown): EndSpanOptions {
  const { signal, parent } = run;
  const stopper = signal?.aborted === true ? signal : signalBelow(run, error);
  if (stopper !== undefined && parent !== undefined) parent.stop = { error, signal: stopper };
  return failureEnd(error ?? "nothing was thrown", stopper);
}

/** LangGraph fails with an error of its own where a node of it was stopped. */
function signalBelow({ stop }: OpenRun, error: unknown): AbortSignal | undefined {
  if (stop === undefined) return undefined;
  const isStop = Object.is(stop.error, error) || readFailure(error).status === "cancelled";
  return isStop ? stop.signal : undefined;
}

function isDefect(error: unknown): boolean {
  return !isBubble(error) && readFailure(error).status === "error";
}

/**
 * LangGraph bubbles interrupts and commands up as errors. They are known by a flag, not by class or name:
 * there may be several copies of the library, and users may have errors of the same name.
 */
function isBubble(error: unknown): error is { readonly interrupts?: unknown } {
  const { is_bubble_up } = (error ?? {}) as { readonly is_bubble_up?: unknown };
  return is_bubble_up === true;
}

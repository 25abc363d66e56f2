import { eventToken, takeToken } from "./model-stream.ts";
import type { OpenRun } from "./open-run.ts";
import { pickPayload } from "./pick-payload.ts";
import type { RecorderParts } from "./recorder-parts.ts";
import { createRunFinisher, type ModelEnd, type RunEnd, type RunError } from "./run-finisher.ts";
import type { RunStart } from "./run-start.ts";
import { createRunStarter } from "./run-starter.ts";

/** What LangGraph tells of a graph that stops for a human, or goes on. */
interface GraphPause {
  readonly runId: string;
  readonly status?: unknown;
  readonly checkpointId?: unknown;
  readonly interrupts?: unknown;
}

/** Turns what LangChain tells of its runs into spans. No method throws. */
export interface RunRecorder {
  start(start: RunStart): void;
  end(end: RunEnd): void;
  endModel(end: ModelEnd): void;
  fail(failure: RunError): void;
  token(event: { readonly runId: string; readonly token: unknown }): void;
  streamEvent(event: { readonly runId: string; readonly event: unknown }): void;
  /** Something that happens inside a run. */
  note(event: { readonly runId: string; readonly name: string; readonly data: unknown }): void;
  pause(pause: GraphPause): void;
  resume(pause: GraphPause): void;
}

/** A recorder for one handler. */
export function createRunRecorder(parts: RecorderParts): RunRecorder {
  const { rivulet, runs } = parts;
  const finish = createRunFinisher(parts);

  /** Nothing that goes wrong here may reach the user's call. */
  function safely<E>(record: (event: E) => void): (event: E) => void {
    return (event) => {
      try {
        record(event);
      } catch (error) {
        rivulet.reportError(error);
      }
    };
  }

  /** Events of runs that are not open are dropped: a handler may be told twice. */
  function onRun<E extends { readonly runId: string }>(
    record: (run: OpenRun, event: E) => void,
    otherwise?: (event: E) => void,
  ): (event: E) => void {
    return safely((event) => {
      const run = runs.get(event.runId);
      if (run === undefined) otherwise?.(event);
      else record(run, event);
    });
  }

  return Object.freeze<RunRecorder>({
    start: safely(createRunStarter(parts)),
    end: onRun(finish.end, finish.endPassed),
    endModel: onRun(finish.endModel),
    fail: onRun(finish.fail, finish.failPassed),
    token: onRun((run, { token }) => takeToken(run, token, rivulet.now())),
    streamEvent: onRun((run, { event }) => {
      const token = eventToken(event);
      if (token !== undefined) takeToken(run, token, rivulet.now());
    }),
    note: onRun(({ span }, { name, data }) => span.addEvent(name, { data: pickPayload(data) })),
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

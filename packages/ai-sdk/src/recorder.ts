import type { Rivulet } from "@rivulet/core";
import { type CallRegistry, createCallRegistry } from "./call-registry.ts";
import type { RecordPolicy } from "./policy.ts";
import type { SdkEvent } from "./sdk-event.ts";
import { ABANDON_AFTER_MS, type RivuletTelemetryOptions } from "./telemetry-options.ts";

/** What the handlers of both majors share. */
export interface Recorder {
  /** The client that new calls go to. */
  readonly rivulet: () => Rivulet;
  readonly record: Partial<RecordPolicy>;
  readonly experimentId: string | undefined;
  readonly calls: CallRegistry;
  /** The work as a listener that never throws. */
  guard<A>(work: (event: SdkEvent & A) => void): (event: unknown) => void;
}

/** Makes a {@link Recorder}. */
export function createRecorder(
  rivulet: () => Rivulet,
  options: RivuletTelemetryOptions = {},
): Recorder {
  const { recordInputs, recordOutputs, experimentId, abandonAfterMs } = options;
  return {
    rivulet,
    record: {
      ...(recordInputs === undefined ? {} : { inputs: recordInputs }),
      ...(recordOutputs === undefined ? {} : { outputs: recordOutputs }),
    },
    experimentId,
    calls: createCallRegistry(abandonAfterMs ?? ABANDON_AFTER_MS),
    guard: (work) => (event) => {
      try {
        work((event ?? {}) as Parameters<typeof work>[0]);
      } catch (error) {
        report(rivulet, error);
      }
    },
  };
}

/** Tells a defect of ours to the client, when there is one. */
export function report(rivulet: () => Rivulet, error: unknown): void {
  try {
    rivulet().reportError(error);
  } catch {
    // Nobody is left to tell: the default client could not be made.
  }
}

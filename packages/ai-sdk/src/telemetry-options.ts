/** Options of {@link rivuletTelemetry} and {@link traceAiSdk}. */
export interface RivuletTelemetryOptions {
  /** Keep prompts, messages and tool arguments. A call's own `recordInputs: false` counts too. @default true */
  readonly recordInputs?: boolean;
  /** Keep answers and tool results. A call's own `recordOutputs: false` counts too. @default true */
  readonly recordOutputs?: boolean;
  /** Name or id of the experiment of new traces. @default the client's */
  readonly experimentId?: string;
  /**
   * Milliseconds after which a stream that nobody reads any more is closed as `abandoned`. It opens again
   * when its consumer comes back. @default 120000
   */
  readonly abandonAfterMs?: number;
}

/** {@link RivuletTelemetryOptions.abandonAfterMs} when it is not given. */
export const ABANDON_AFTER_MS = 120_000;

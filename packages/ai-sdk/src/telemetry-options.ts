import { type Rivulet, reportUnknownNames } from "@rivulet/core";

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

/** `RIVULET_AI_SDK_RECORD_INPUTS` and `RIVULET_AI_SDK_RECORD_OUTPUTS`: `false` or `0` keeps none. */
export function optionsOfEnvironment(): RivuletTelemetryOptions {
  return {
    recordInputs: isOn(process.env["RIVULET_AI_SDK_RECORD_INPUTS"]),
    recordOutputs: isOn(process.env["RIVULET_AI_SDK_RECORD_OUTPUTS"]),
  };
}

function isOn(value: string | undefined): boolean {
  return !/^(?:false|0|no|off)$/i.test(value?.trim() ?? "");
}

const OPTIONS: Readonly<Record<keyof RivuletTelemetryOptions, true>> = {
  recordInputs: true,
  recordOutputs: true,
  experimentId: true,
  abandonAfterMs: true,
};
/** Misspelt names that were reported. */
const told = new Set<string>();

/** Reports unknown options, each once; calls are recorded all the same. */
export function checkTelemetryOptions(
  options: object,
  report: Rivulet["reportError"],
  others: readonly string[] = [],
): void {
  const known = [...Object.keys(OPTIONS), ...others];
  reportUnknownNames(options, { of: "telemetry", known, told, report });
}

import type { PromptRef, TracePatch } from "@rivulet/core";
import { fieldOf, fieldsOf, listOf, textOf } from "./read-value.ts";
import type { SdkEvent } from "./sdk-event.ts";

/**
 * What a user says of a call where the SDK lets it through: `providerOptions.rivulet`,
 * `runtimeContext.rivulet` (with `includeRuntimeContext: { rivulet: true }`), or, in AI SDK 6, the telemetry
 * `metadata`.
 */
export interface CallMarker {
  /** The prompt version that the call uses. */
  readonly prompt?: PromptRef;
  /** The conversation or session of the trace. */
  readonly sessionId?: string;
  /** The end user whom the trace is about. */
  readonly userId?: string;
}

/** What {@link readMarker} found. */
export interface ReadMarker {
  readonly prompts: readonly PromptRef[];
  readonly trace: TracePatch | undefined;
}

const UNMARKED: ReadMarker = Object.freeze({ prompts: [], trace: undefined });

/** The marker of a call; the first place that has one counts. */
export function readMarker(event: SdkEvent): ReadMarker {
  const given =
    fieldsOf(fieldOf(event.providerOptions, "rivulet")) ??
    fieldsOf(fieldOf(event.runtimeContext, "rivulet")) ??
    fieldsOf(event.metadata);
  if (given === undefined) return UNMARKED;
  const prompts = [given["prompt"], ...listOf(given["prompts"])].flatMap(promptRef);
  const sessionId = textOf(given["sessionId"]);
  const userId = textOf(given["userId"]);
  if (sessionId === undefined && userId === undefined) return { prompts, trace: undefined };
  const trace = {
    ...(sessionId === undefined ? {} : { sessionId }),
    ...(userId === undefined ? {} : { userId }),
  };
  return { prompts, trace };
}

function promptRef(value: unknown): PromptRef[] {
  const given = fieldsOf(value);
  const name = textOf(given?.["name"]);
  const version = given?.["version"];
  if (name === undefined || !Number.isInteger(version)) return [];
  const alias = textOf(given?.["alias"]);
  return [{ name, version: Number(version), ...(alias === undefined ? {} : { alias }) }];
}

import type { JsonObject, PromptRef, StringMap, TracePatch } from "@rivulet/core";
import type { RecordPolicy } from "./policy.ts";
import { compact, type Fields, fieldOf, fieldsOf, listOf, textOf } from "./read-value.ts";
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
  /** Tags of the trace; words have the value `"true"`. */
  readonly tags?: StringMap | readonly string[];
  /** Free-form details of the trace. In the telemetry `metadata` of AI SDK 6 and 5, all other fields are such details. */
  readonly metadata?: JsonObject;
  /** `false`: this call's prompts, messages and tool arguments are not kept. @default true */
  readonly recordInputs?: boolean;
  /** `false`: this call's answers and tool results are not kept. @default true */
  readonly recordOutputs?: boolean;
}

/** What {@link readMarker} found. */
export interface ReadMarker {
  readonly prompts: readonly PromptRef[];
  readonly trace: TracePatch | undefined;
  readonly record: RecordPolicy;
}

const UNMARKED: ReadMarker = Object.freeze({
  prompts: [],
  trace: undefined,
  record: { inputs: true, outputs: true },
});

/** The marker of a call; the first place that has one counts. */
export function readMarker(event: SdkEvent): ReadMarker {
  const marker =
    fieldsOf(fieldOf(event.providerOptions, "rivulet")) ??
    fieldsOf(fieldOf(event.runtimeContext, "rivulet"));
  if (marker !== undefined) return readGiven(marker, fieldsOf(marker["metadata"]));
  const given = fieldsOf(event.metadata);
  return given === undefined ? UNMARKED : readGiven(given, detailsOf(given));
}

function readGiven(given: Fields, metadata: Fields | undefined): ReadMarker {
  const trace = compact({
    sessionId: textOf(given["sessionId"]),
    userId: textOf(given["userId"]),
    tags: tagsOf(given["tags"]),
    metadata: metadata as JsonObject | undefined,
  });
  return {
    prompts: [given["prompt"], ...listOf(given["prompts"])].flatMap(promptRef),
    trace: Object.keys(trace).length === 0 ? undefined : trace,
    record: {
      inputs: given["recordInputs"] !== false,
      outputs: given["recordOutputs"] !== false,
    },
  };
}

/** Words, as other tracing libraries take them, or words with values. */
function tagsOf(given: unknown): StringMap | undefined {
  if (!Array.isArray(given)) return fieldsOf(given) as StringMap | undefined;
  const words = given.filter((word) => typeof word === "string");
  return Object.fromEntries(words.map((word) => [word, "true"]));
}

const MARKS: Readonly<Record<keyof CallMarker | "prompts", true>> = {
  prompt: true,
  prompts: true,
  sessionId: true,
  userId: true,
  tags: true,
  metadata: true,
  recordInputs: true,
  recordOutputs: true,
};

/** What an app says of a call besides the marks. */
function detailsOf(given: Fields): Fields | undefined {
  const details = Object.entries(given).filter(([name]) => !(name in MARKS));
  const all = { ...fieldsOf(given["metadata"]), ...Object.fromEntries(details) };
  return Object.keys(all).length === 0 ? undefined : all;
}

function promptRef(value: unknown): PromptRef[] {
  const given = fieldsOf(value);
  const name = textOf(given?.["name"]);
  const version = given?.["version"];
  if (name === undefined || !Number.isInteger(version)) return [];
  const alias = textOf(given?.["alias"]);
  return [{ name, version: Number(version), ...(alias === undefined ? {} : { alias }) }];
}

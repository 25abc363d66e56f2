import type { JsonObject, StartSpanOptions, StringMap } from "@rivulet/core";
import type { HandlerSettings } from "../handler-options.ts";

type Metadata = Readonly<Record<string, unknown>>;

/** What LangChain's metadata says, sorted by who said it. */
export interface RunMetadata {
  /** What the user gave. */
  readonly own: Metadata;
  /** What LangGraph says of the step, as span attributes. */
  readonly graph: Metadata;
}

/** The metadata key under which a prompt template names its version. */
export const PROMPT_METADATA = "rivulet_prompt";
const SESSION_KEYS = [
  ...["session_id", "sessionId", "langfuse_session_id", "langfuseSessionId"],
  ...["thread_id", "threadId", "conversation_id", "conversationId"],
];
const USER_KEYS = ["user_id", "userId", "langfuse_user_id", "langfuseUserId"];
/** Tags that say where a run stands in its chain. */
const POSITION_TAG = /^(?:seq:step|map:key|condition|branch|graph:step|retry:attempt|langsmith):/;
const MACHINERY = /^(?:ls_|lc_|__|checkpoint_)|^versions$/;
const GRAPH_PREFIX = "langgraph_";

const NONE: Metadata = Object.freeze({});
const NO_METADATA: RunMetadata = Object.freeze({ own: NONE, graph: NONE });

/** Takes metadata apart; what only LangChain's machinery needs is left out. */
export function sortMetadata(metadata: Metadata | undefined): RunMetadata {
  if (metadata === undefined) return NO_METADATA;
  let own: Record<string, unknown> | undefined;
  let graph: Record<string, unknown> | undefined;
  for (const key of Object.keys(metadata)) {
    if (key.startsWith(GRAPH_PREFIX)) {
      graph ??= {};
      graph[`langgraph.${key.slice(GRAPH_PREFIX.length)}`] = metadata[key];
    } else if (!MACHINERY.test(key)) {
      own ??= Object.create(null) as Record<string, unknown>;
      own[key] = metadata[key];
    }
  }
  if (own === undefined && graph === undefined) return NO_METADATA;
  return { own: own ?? NONE, graph: graph ?? NONE };
}

/** What is new compared to the parent's: metadata is inherited by every run below. */
export function newMetadata(
  metadata: RunMetadata,
  inherited: RunMetadata | undefined,
): { readonly own: Metadata | undefined; readonly graph: Metadata | undefined } {
  return {
    own: fresh(metadata.own, inherited?.own),
    graph: fresh(metadata.graph, inherited?.graph),
  };
}

function fresh(fields: Metadata, inherited: Metadata | undefined): Metadata | undefined {
  if (fields === NONE) return undefined;
  let found: Record<string, unknown> | undefined;
  for (const key of Object.keys(fields)) {
    if (fields[key] === inherited?.[key]) continue;
    found ??= Object.create(null) as Record<string, unknown>;
    found[key] = fields[key];
  }
  return found;
}

/** The session that metadata names. */
export function sessionOf(metadata: Metadata | undefined): string | undefined {
  return firstText(metadata ?? {}, SESSION_KEYS);
}

/** Session, user, tags and metadata of the trace that a root run starts. */
export function traceFields(
  settings: HandlerSettings,
  own: Metadata,
  tags: readonly string[] | undefined,
): StartSpanOptions {
  const { experimentId } = settings;
  const sessionId = settings.sessionId ?? sessionOf(own);
  const userId = settings.userId ?? firstText(own, USER_KEYS);
  const allTags = merged(tagMap(tags), settings.tags);
  const metadata = merged(sayable(own), settings.metadata);
  return {
    ...(experimentId === undefined ? {} : { experimentId }),
    ...(sessionId === undefined ? {} : { sessionId }),
    ...(userId === undefined ? {} : { userId }),
    ...(allTags === undefined ? {} : { tags: allTags }),
    ...(metadata === undefined ? {} : { metadata }),
  };
}

function merged<T extends object>(one: T | undefined, other: T | undefined): T | undefined {
  return one === undefined || other === undefined ? (one ?? other) : { ...one, ...other };
}

/** The user's tags, without those that say where the run stands. */
export function userTags(tags: readonly string[] | undefined): readonly string[] | undefined {
  if (tags === undefined || tags.length === 0) return undefined;
  const words = tags.filter((tag) => typeof tag === "string" && !POSITION_TAG.test(tag));
  return words.length === 0 ? undefined : words;
}

/** Whether tags say that a run is a step of a chain, which its user has made. */
export function hasPosition(tags: readonly string[] | undefined): boolean {
  return tags?.some((tag) => typeof tag === "string" && POSITION_TAG.test(tag)) === true;
}

/** LangChain's tags are words, ours have values. */
function tagMap(tags: readonly string[] | undefined): StringMap | undefined {
  const words = userTags(tags);
  return words && Object.fromEntries(words.map((word) => [word, "true"]));
}

/** All that says something: lists and objects as well. */
function sayable(own: Metadata): JsonObject | undefined {
  if (own === NONE) return undefined;
  const entries = Object.entries(own).filter(
    ([name, value]) =>
      value !== undefined &&
      value !== null &&
      typeof value !== "function" &&
      typeof value !== "symbol" &&
      name !== PROMPT_METADATA,
  );
  return entries.length === 0 ? undefined : (Object.fromEntries(entries) as JsonObject);
}

function firstText(own: Metadata, keys: readonly string[]): string | undefined {
  if (own === NONE) return undefined;
  for (const key of keys) {
    const value = own[key];
    if (typeof value === "string" && value !== "") return value;
    if (typeof value === "number") return String(value);
  }
  return undefined;
}

import { DEFAULT_EXPERIMENT_ID, type JsonValue, LIMITS } from "@rivulet/domain";
import {
  type AttachmentBytes,
  createEncoder,
  createMediaKeeper,
  type Encode,
  type Journal,
  type MediaKeeper,
} from "@rivulet/store";
import { LRUCache } from "lru-cache";
import { createFindPrice, type FindPrice } from "./prices/find-price.ts";
import type { MaskValue } from "./tracing.ts";
import type { TracingOptions } from "./tracing-options.ts";

/** What a client's options demand of every span, whatever its source. */
export interface SpanPolicy {
  /** Encodes a value as JSON text, without anything that must not be stored. */
  readonly encode: Encode;
  /** Keeps a file that encoded values refer to. */
  readonly keepFile: (file: AttachmentBytes) => void;
  /** How many files were too large to be kept, since the start. */
  readonly oversizedFiles: () => number;
  /** The price of a model, for spans that come without a cost. */
  readonly price: FindPrice;
  /** Whether the trace of this id is recorded. */
  readonly isSampled: (traceId: string) => boolean;
  /** The experiment of this name or id. @default that of new traces */
  readonly experiment: (nameOrId?: string) => ExperimentRef;
}

/** An experiment that spans go to. */
export interface ExperimentRef {
  /** Its id, or with a name the id that it gets when it is made. */
  readonly id: string;
  /** The store finds the experiment by this name, or makes it. */
  readonly name?: string;
}

/** What {@link createSpanPolicy} takes besides the client's options. */
export interface SpanPolicyParts {
  readonly newExperimentId: () => string;
  readonly journal: Pick<Journal, "appendAttachment">;
  readonly reportError: (error: unknown) => void;
}

/** Makes the {@link SpanPolicy} of a client. */
export function createSpanPolicy(options: TracingOptions, parts: SpanPolicyParts): SpanPolicy {
  const { sampleRate = 1, experiment = "Default", enabled = true } = options;
  const refs = createExperimentRefs(parts.newExperimentId);
  const media = createMediaKeeper(options);
  return Object.freeze<SpanPolicy>({
    encode: createBodyEncoder(options, { media, reportError: parts.reportError }),
    keepFile: (file) => void parts.journal.appendAttachment(file),
    oversizedFiles: media.tooLarge,
    price: createFindPrice({
      prices: options.prices,
      pricesFile: options.pricesFile ?? process.env["RIVULET_PRICES"],
      reportError: parts.reportError,
    }),
    isSampled: (traceId) => enabled && isDrawn(traceId, sampleRate),
    experiment: (nameOrId = experiment) => refs(nameOrId),
  });
}

/** The id decides, so that every service the trace passes through draws the same. */
function isDrawn(traceId: string, sampleRate: number): boolean {
  if (sampleRate >= 1) return true;
  return Number.parseInt(traceId.slice(-8), 16) / 0x1_0000_0000 < sampleRate;
}

const MAX_NAMES = 1_000;
const ID = /^\d+$/;

/** Names or ids to experiments: the same name gives the same reference. */
function createExperimentRefs(newId: () => string): (nameOrId: string) => ExperimentRef {
  const refs = new LRUCache<string, ExperimentRef>({ max: MAX_NAMES });

  const create = (nameOrId: string): ExperimentRef => {
    if (ID.test(nameOrId)) return { id: nameOrId };
    if (nameOrId === "Default") return { id: DEFAULT_EXPERIMENT_ID };
    return { id: newId(), name: nameOrId };
  };

  return (nameOrId) => {
    const known = refs.get(nameOrId);
    if (known !== undefined) return known;
    const ref = create(nameOrId);
    refs.set(nameOrId, ref);
    return ref;
  };
}

interface EncoderParts {
  readonly media: MediaKeeper;
  readonly reportError: (error: unknown) => void;
}

function createBodyEncoder(
  { mask, maskSecrets = true }: TracingOptions,
  { media, reportError }: EncoderParts,
): Encode {
  const maxSize = LIMITS.spanBytes;
  if (mask === undefined) return createEncoder({ maskSecrets, maxSize, media });
  // The mask must see a value before it is cut, unless the value is far too long; of a file it sees what stands for it.
  const encode = createEncoder({ maskSecrets, maxSize: UNMASKED_SIZES * maxSize, media });
  const applyMask = createUserMask(mask, reportError);
  const encodeMasked = createEncoder({ maskSecrets: false, maxSize });
  // The mask gets a copy: its changes must not reach the user's objects.
  return (value, key) => {
    const given = encode(value, key);
    const masked = encodeMasked(applyMask(given?.parse(), key), key);
    // A file goes with the value that the mask has removed.
    const files = given?.takeFiles().filter(({ hash }) => masked?.json.includes(hash)) ?? [];
    return masked?.withFiles(files);
  };
}

/** How many times the limit of a span a value may be when a mask sees it. */
const UNMASKED_SIZES = 8;
/** What stands where the user's mask threw. */
const MASK_FAILED = "[mask failed]";
const MAX_DEPTH = 64;
const MAX_NODES = 50_000;

/** A user's mask, applied to a whole value, which it may change. Never throws. */
type ApplyMask = (value: JsonValue | undefined, key: string) => JsonValue | undefined;

/**
 * Calls `mask` like `JSON.stringify` calls its replacer: for the value itself, then for each of its parts
 * with their keys (items of a list have the list's key).
 */
function createUserMask(mask: MaskValue, reportError: (error: unknown) => void): ApplyMask {
  const encode = createEncoder({ maskSecrets: false });
  let nodes = 0;

  function replace(value: JsonValue, key: string): JsonValue {
    try {
      const replaced: unknown = mask(value, { key });
      if (replaced === value) return value;
      return replaced === undefined ? null : (encode(replaced, key)?.parse() ?? null);
    } catch (error) {
      reportError(error);
      return MASK_FAILED;
    }
  }

  function visit(value: JsonValue, key: string, depth: number): JsonValue {
    if (++nodes > MAX_NODES || depth > MAX_DEPTH) return MASK_FAILED;
    const replaced = replace(value, key);
    if (typeof replaced !== "object" || replaced === null) return replaced;
    if (Array.isArray(replaced)) {
      return replaced.map((item: JsonValue) => visit(item, key, depth + 1));
    }
    const entries = Object.entries(replaced as Record<string, JsonValue>);
    return Object.fromEntries(entries.map(([name, part]) => [name, visit(part, name, depth + 1)]));
  }

  return (value, key) => {
    if (value === undefined) return undefined;
    nodes = 0;
    return visit(value, key, 0);
  };
}

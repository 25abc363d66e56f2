import { hash } from "node:crypto";
import type { JsonObject, JsonValue, StringMap } from "@rivulet/domain";
import { LIMITS } from "@rivulet/domain";
import {
  createEncoder,
  type Encode,
  type EncoderOptions,
  type MediaKeeper,
  maskSecretText,
} from "@rivulet/store";
import type { MaskingOptions, MaskStats } from "./mask-value.ts";
import { type MaskParts, WHOLE } from "./mask-watch.ts";
import { createTextMasks, TEXTS_OFF, type TextMasks } from "./text-masks.ts";
import { createUserMask, type UserMask } from "./user-mask.ts";

/** Masks what is to be stored, as the client's options demand. */
export interface Masking {
  /** An encoder of what spans hold. */
  encoder(media: MediaKeeper): Encode;
  /** A name: what looks like a secret in it is masked. The user's mask does not see names. */
  name(text: string): string;
  /**
   * An id that somebody is looked up by. One with a secret in it becomes another, the same each time; the user's mask may
   * leave it out.
   */
  id(text: string, key: string): string | undefined;
  /** A text, such as a comment. */
  text(text: string, key: string): string;
  /** Any value. */
  value(value: JsonValue, key: string): JsonValue;
  /** An object, which stays one. */
  object(value: JsonObject, key: string): JsonObject;
  /** Tags and parameters, each with its own key, which is masked as a name. */
  map(map: StringMap): StringMap;
  stats(): MaskingStats;
}

/** How the masking by the app's own functions went, since the start. */
export interface MaskingStats {
  /** Of `mask`. */
  readonly mask: MaskStats;
  /** Of all functions of `maskText` together. */
  readonly maskText: MaskStats;
}

const TIMEOUT_MS = 50;
const NO_STATS: MaskStats = { overruns: 0, failures: 0, isOff: false };

/** Makes the {@link Masking} of a client. */
export function createMasking(
  options: MaskingOptions,
  given: Omit<MaskParts, "timeoutMs">,
): Masking {
  const { mask, maskSecrets = true, maskTimeoutMs: timeoutMs = TIMEOUT_MS } = options;
  const parts: MaskParts = { ...given, timeoutMs };
  const textMasks = createTextMasks(options.maskText, parts);
  const userMask = mask && createUserMask(mask, parts);
  const encode = maskingEncoder(textMasks, { maskSecrets, maxNodes: Number.POSITIVE_INFINITY });
  const isNothing = !maskSecrets && (textMasks ?? userMask) === undefined;

  const name = (text: string): string => {
    const plain = maskSecrets ? maskSecretText(text) : text;
    return textMasks === undefined ? plain : textMasks.apply(plain);
  };
  const value = (given: JsonValue, key: string): JsonValue => {
    if (isNothing) return given;
    const encoded = encode(given, key)?.parse() ?? null;
    return userMask === undefined ? encoded : (userMask.apply(encoded, key) ?? null);
  };
  const text = (given: string, key: string): string => asText(value(given, key));
  const map = (given: StringMap): StringMap => {
    const masked = Object.entries(given).map(([key, tag]) => [name(key), text(tag, key)]);
    // All of them would have the same name.
    const isWhole = textMasks?.isOff() === true && masked.length > 0;
    return isWhole ? { [MASKED_WHOLE]: TEXTS_OFF } : Object.fromEntries(masked);
  };

  return Object.freeze<Masking>({
    encoder: (media) => bodyEncoder({ maskSecrets, textMasks, media }, userMask),
    name,
    id: (given, key) => {
      const masked = name(given);
      const id = masked === given ? given : pseudonym(given);
      if (userMask === undefined) return id;
      const replaced = asText(userMask.apply(id, key) ?? null);
      return replaced.startsWith(WHOLE) ? pseudonym(given) : replaced || undefined;
    },
    text,
    value,
    object: (given, key) => asObject(value(given, key)),
    map: (given) => (isNothing ? given : map(given)),
    stats: () => ({
      mask: userMask?.stats() ?? NO_STATS,
      maskText: textMasks?.stats() ?? NO_STATS,
    }),
  });
}

/** How many times the limit of a span a value may be when a mask sees it. */
const UNMASKED_SIZES = 8;

interface BodyParts {
  readonly maskSecrets: boolean;
  readonly textMasks: TextMasks | undefined;
  readonly media: MediaKeeper;
}

function bodyEncoder({ textMasks, ...options }: BodyParts, userMask: UserMask | undefined): Encode {
  const maxSize = LIMITS.spanBytes;
  if (userMask === undefined) return maskingEncoder(textMasks, { ...options, maxSize });
  // The mask must see a value before it is cut, unless the value is far too long; of a file it sees what stands for it.
  const encode = maskingEncoder(textMasks, { ...options, maxSize: UNMASKED_SIZES * maxSize });
  const encodeMasked = createEncoder({ maskSecrets: false, maxSize });
  // The mask gets a copy: its changes must not reach the user's objects.
  return (value, key) => {
    const given = encode(value, key);
    const masked = encodeMasked(userMask.apply(given?.parse(), key), key);
    // A file goes with the value that the mask has removed.
    const files = given?.takeFiles().filter(({ hash: name }) => masked?.json.includes(name)) ?? [];
    return masked?.withFiles(files);
  };
}

function maskingEncoder(textMasks: TextMasks | undefined, options: EncoderOptions): Encode {
  const encode = createEncoder({ ...options, maskText: textMasks?.apply });
  return textMasks === undefined ? encode : textMasks.guard(encode);
}

/** Equal ids stay equal: what belongs together stays together. */
function pseudonym(id: string): string {
  return `masked-${hash("sha256", id).slice(0, 16)}`;
}

/** What a mask has made nothing is an empty text. */
function asText(value: JsonValue): string {
  if (value === null) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** An object that was masked whole is one field. */
function asObject(value: JsonValue): JsonObject {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    return value as JsonObject;
  }
  return value === null ? {} : { [MASKED_WHOLE]: value };
}

/** The field of an object that was masked whole. */
export const MASKED_WHOLE = "rivulet.masked";

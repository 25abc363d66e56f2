import { RivuletError } from "@rivulet/domain";
import { createEncoder, type Encode } from "@rivulet/store";
import type { MaskStats, MaskText } from "./mask-value.ts";
import { type MaskParts, WHOLE, watchMask } from "./mask-watch.ts";

/** The app's masks of texts, one after the other. Never throw. */
export interface TextMasks {
  /** The text as it may be stored. */
  readonly apply: MaskText;
  /** The encoder, whose values are masked whole once the masks are off: names of fields are texts, too. */
  guard(encode: Encode): Encode;
  isOff(): boolean;
  stats(): MaskStats;
}

/**
 * How many times as long as a call of `mask` a text may take, however short: the first calls of an expression or a
 * library compile it, and a busy machine lets the thread wait.
 */
const MOST_TIMES = 5;
/** A text of so many characters may take as long again, one of twice as many thrice as long. */
const MORE_TIME_PER = 50_000;

const THREW = `${WHOLE}a text mask threw]`;
/** What stands for a text that the masks are not called for any more. */
export const TEXTS_OFF: string = `${WHOLE}the text masks are off]`;

/** `undefined` when there are none. */
export function createTextMasks(
  given: MaskText | readonly MaskText[] | undefined,
  parts: MaskParts,
): TextMasks | undefined {
  const masks = typeof given === "function" ? [given] : (given ?? []);
  if (masks.length === 0) return undefined;
  const watch = watchMask(parts, "The text masks are");
  const off = createEncoder({ maskSecrets: false })(TEXTS_OFF, "");

  /** `undefined` when it failed. */
  function call(mask: MaskText, text: string): string | undefined {
    const start = parts.now();
    try {
      const replaced: unknown = mask(text);
      if (typeof replaced !== "string") return refuse(replaced);
      const took = parts.now() - start;
      const allowed = MOST_TIMES * parts.timeoutMs * (1 + text.length / MORE_TIME_PER);
      if (took > allowed) watch.overran(overrun({ took, allowed, length: text.length }));
      return replaced;
    } catch (error) {
      watch.failed(error);
      return undefined;
    }
  }

  function refuse(replaced: unknown): undefined {
    // Nobody else waits for what it may have promised.
    Promise.resolve(replaced).catch(parts.reportError);
    const message =
      "A mask of texts returned something else than a text. It must return the text itself: what is recorded does not wait.";
    watch.failed(new RivuletError("invalid_argument", message));
  }

  function apply(text: string): string {
    let masked: string | undefined = text;
    for (const mask of masks) {
      if (watch.isOff()) break;
      masked = call(mask, masked);
      if (masked === undefined) break;
    }
    return watch.isOff() ? TEXTS_OFF : (masked ?? THREW);
  }

  return {
    apply,
    guard: (encode) => (value, key) => {
      const encoded = encode(value, key);
      return watch.isOff() && encoded !== undefined && hasText(encoded.json) ? off : encoded;
    },
    isOff: watch.isOff,
    stats: watch.stats,
  };
}

/** Numbers are nothing that these masks see. */
function hasText(json: string): boolean {
  return /^["[{]/.test(json);
}

interface Overrun {
  readonly took: number;
  readonly allowed: number;
  readonly length: number;
}

function overrun({ took, allowed, length }: Overrun): RivuletError {
  const message = `A mask of texts took ${Math.round(took)} ms for ${length} characters; ${Math.round(allowed)} ms are allowed.`;
  return new RivuletError("deadline_exceeded", message);
}

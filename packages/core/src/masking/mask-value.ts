import type { JsonValue } from "@rivulet/domain";

/**
 * Removes or replaces what must not be stored. Called like the replacer of `JSON.stringify`: with each input, output,
 * set of attributes, message, tag and comment, then with each of its parts and their keys (items of a list have the key
 * of the list). It returns at once: what it throws on, or returns a promise for, is stored as `"[masked: …]"`.
 */
export type MaskValue = (value: JsonValue, context: { readonly key: string }) => JsonValue;

/** Replaces what must not be stored in a text, such as addresses; returns the same text when there is nothing. */
export type MaskText = (text: string) => string;

/** What is masked before it is stored. */
export interface MaskingOptions {
  /** Runs before anything is stored, after the built-in masking of secrets. */
  readonly mask?: MaskValue;
  /**
   * Milliseconds that a call of `mask` may take. A call of `maskText` may take five times as long, and as long again
   * for every 50,000 characters of its text. Longer calls are reported. After three of them, or three that failed, within a
   * minute, `mask` is called no more, or `maskText`, and all that it was to see is masked whole. @default 50
   */
  readonly maskTimeoutMs?: number;
  /**
   * Run on every text, after the masking of secrets and before `mask`; see `@rivulet/core/pii`. What they throw on is
   * masked whole and reported. See `maskTimeoutMs` for how long they may take.
   */
  readonly maskText?: MaskText | readonly MaskText[];
  /** Mask values that look like credentials, by their names and by their form. @default true */
  readonly maskSecrets?: boolean;
}

/** How the masking by a function of the app's own went, since the start. */
export interface MaskStats {
  /** Calls that took longer than they may. */
  readonly overruns: number;
  /** Calls that threw, or returned a promise or, of `maskText`, anything else that is no text. */
  readonly failures: number;
  /** Whether the function is called no more: what it was to see is masked whole. */
  readonly isOff: boolean;
}

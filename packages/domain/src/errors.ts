/**
 * Every reason for which Rivulet refuses something. The set is closed: HTTP and MCP map each code to a
 * status in one table, and a code without a mapping does not compile.
 */
export type ErrorCode =
  /** An argument has the wrong shape, is too long, or is not a finite number. */
  | "invalid_argument"
  /** No entity has this id, name, version or alias. */
  | "not_found"
  /** The name is taken. */
  | "already_exists"
  /** The entity changed meanwhile, or is in a state that does not allow this. */
  | "conflict"
  /** More than the documented bound: body, page, file size, queue. */
  | "limit_exceeded"
  /** No credentials, or wrong ones. */
  | "unauthenticated"
  /** The credentials do not reach this far, or the request comes from a place that is not trusted. */
  | "permission_denied"
  /** The store cannot be opened or reached: unknown URL, unwritable path, database away. */
  | "store_unavailable"
  /** The store's file is not one of ours, or is damaged. It is left as it is. */
  | "store_corrupt"
  /** Another process holds the store. */
  | "store_locked"
  /** The store was written by a newer Rivulet. It is left as it is. */
  | "store_too_new"
  /** This store, driver or option cannot do that. */
  | "unsupported"
  /** The client or store was closed. */
  | "closed"
  /** The work was aborted by its signal. */
  | "aborted"
  /** The time for it was over before it was done. */
  | "deadline_exceeded"
  /** A defect in Rivulet itself. */
  | "internal";

/** What {@link RivuletError} takes besides its message. */
export interface RivuletErrorOptions {
  /** The error behind this one. */
  readonly cause?: unknown;
  /** Facts for machines: the id, the field, the bound. Never secrets. */
  readonly details?: Readonly<Record<string, string | number | boolean>>;
}

/** An app may hold several copies of this package; an error of one is an error of all. */
const BRAND = Symbol.for("@rivulet/domain/RivuletError");

/**
 * The only error Rivulet throws. `message` says what happened, to which id, and what to do;
 * `code` is for programs.
 */
export class RivuletError extends Error {
  override readonly name = "RivuletError";
  readonly code: ErrorCode;
  readonly details: Readonly<Record<string, string | number | boolean>>;

  constructor(code: ErrorCode, message: string, options: RivuletErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.details = options.details ?? {};
    Object.defineProperty(this, BRAND, { value: true });
  }

  /** Also for errors of another copy of this package. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    // biome-ignore lint/complexity/noThisInStatic: a subclass asks for its own instances
    if (this !== RivuletError) return Function.prototype[Symbol.hasInstance].call(this, value);
    return value instanceof Error && BRAND in value;
  }
}

/** Turns anything thrown into a {@link RivuletError}; a foreign error becomes `internal` with its cause. */
export function toRivuletError(thrown: unknown): RivuletError {
  if (thrown instanceof RivuletError) return thrown;
  return new RivuletError("internal", messageOf(thrown), { cause: thrown });
}

/** The message of anything thrown, to be told as the reason of another error. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/**
 * Every reason for which Rivulet refuses something. The set is closed: one table maps each code to its HTTP and MCP
 * status, and a code without a mapping does not compile.
 */
export type ErrorCode =
  /** An argument has the wrong shape, is too long, or is not a finite number. */
  | "invalid_argument"
  /** No entity has this id, name, version or alias. */
  | "not_found"
  /** The name is taken. */
  | "already_exists"
  /** The entity has changed in the meantime, or its state does not allow this. */
  | "conflict"
  /** A documented limit was exceeded: body, page, file size, queue. */
  | "limit_exceeded"
  /** No credentials, or wrong ones. */
  | "unauthenticated"
  /** The credentials do not grant this, or the request comes from an untrusted place. */
  | "permission_denied"
  /** The store cannot be opened or reached: unknown URL, unwritable path, unreachable database. */
  | "store_unavailable"
  /** The file is not a Rivulet store, or is damaged. It is left unchanged. */
  | "store_corrupt"
  /** Another process holds the store. */
  | "store_locked"
  /** The store was written by a newer Rivulet. It is left unchanged. */
  | "store_too_new"
  /** This store, driver or option cannot do that. */
  | "unsupported"
  /** The client or store was closed. */
  | "closed"
  /** The operation was aborted through its `AbortSignal`. */
  | "aborted"
  /** The operation did not finish in time. */
  | "deadline_exceeded"
  /** A bug in Rivulet itself. */
  | "internal";

/** What {@link RivuletError} takes besides code and message. */
export interface RivuletErrorOptions {
  /** The error that caused this one. */
  readonly cause?: unknown;
  /** Facts for machines: the id, the field, the bound. Never secrets. */
  readonly details?: Readonly<Record<string, string | number | boolean>>;
}

/** An app may load several copies of this package; `instanceof` works across them. */
const BRAND = Symbol.for("@rivulet/domain/RivuletError");

/**
 * The only error Rivulet throws. `message` says what happened, to which id, and what to do;
 * `code` is for programs.
 */
export class RivuletError extends Error {
  override readonly name = "RivuletError";
  /** Which of the closed set of reasons it is; programs branch on this. */
  readonly code: ErrorCode;
  /** Facts for machines, such as the id, the field or the bound; empty when there are none. */
  readonly details: Readonly<Record<string, string | number | boolean>>;

  /** Creates an error. `message` says what happened, to which id, and what to do. */
  constructor(code: ErrorCode, message: string, options: RivuletErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.details = options.details ?? {};
    Object.defineProperty(this, BRAND, { value: true });
  }

  /** Recognises errors from another copy of this package, too. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    // biome-ignore lint/complexity/noThisInStatic: `this` may be a subclass
    if (this !== RivuletError) return Function.prototype[Symbol.hasInstance].call(this, value);
    try {
      return value instanceof Error && BRAND in value;
    } catch {
      // A proxy that is revoked, or throws.
      return false;
    }
  }
}

/** Turns anything thrown into a {@link RivuletError}; any other error becomes the cause of an `internal` one. */
export function toRivuletError(thrown: unknown): RivuletError {
  if (thrown instanceof RivuletError) return thrown;
  return new RivuletError("internal", messageOf(thrown), { cause: thrown });
}

/** The message of anything thrown, for use in the message of another error. Never throws. */
export function messageOf(thrown: unknown): string {
  try {
    return String(thrown instanceof Error ? thrown.message : thrown);
  } catch {
    return "unreadable error";
  }
}

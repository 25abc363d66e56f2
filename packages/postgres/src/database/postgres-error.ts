import { RivuletError } from "@rivulet/domain";

/** How messages name the database: its place, without secrets. */
export interface DatabaseName {
  /** `host:port/database` */
  readonly place: string;
  readonly statementTimeoutMs: number;
}

/** Why work did not finish although it is valid. */
export type Interruption =
  /** It conflicted with another transaction and was rolled back. */
  | "collision"
  /** The connection was lost or could not be made. */
  | "connection";

/** A {@link RivuletError} that says whether a retry may help. */
class InterruptedError extends RivuletError {
  readonly interruption: Interruption;

  constructor(interruption: Interruption, { code, message, details, cause }: RivuletError) {
    super(code, message, { cause, details });
    this.interruption = interruption;
  }
}

/** Whether a retry may help, and why. */
export function interruptionOf(error: unknown): Interruption | undefined {
  return error instanceof InterruptedError ? error.interruption : undefined;
}

type ErrorOf = (reason: string, name: DatabaseName) => RivuletError;

const away: ErrorOf = (reason, { place }) =>
  new RivuletError("store_unavailable", `PostgreSQL at ${place} cannot be reached: ${reason}`);
const denied: ErrorOf = (reason, { place }) =>
  new RivuletError("permission_denied", `PostgreSQL at ${place} refuses: ${reason}`);
const refused: ErrorOf = (reason, { place }) =>
  new RivuletError("store_unavailable", `PostgreSQL at ${place} cannot continue: ${reason}`);
const collided: ErrorOf = (reason, { place }) =>
  new RivuletError(
    "conflict",
    `Others kept changing the same rows at ${place}: ${reason}. Try again.`,
  );

const notWhole: ErrorOf = (reason, { place }) =>
  new RivuletError(
    "store_corrupt",
    `The store in PostgreSQL at ${place} has been altered: ${reason}. "rivulet doctor" tells what is missing.`,
  );

/** SQLSTATE, or its first two characters for a whole class → error. Others are {@link refused}. */
const BY_STATE: Readonly<Record<string, ErrorOf>> = {
  "08": away,
  "28": denied,
  "42501": denied,
  "3D000": (reason, { place }) =>
    new RivuletError(
      "store_unavailable",
      `PostgreSQL at ${place}: ${reason}. Create the database first.`,
    ),
  "53": refused,
  "58": refused,
  "57P01": away,
  "57P02": away,
  "57P03": away,
  "57P04": away,
  "57P05": away,
  // A pooler or somebody else has changed the state of the connection.
  "26": away,
  "42P05": away,
  "25P03": away,
  "57014": (reason, { place, statementTimeoutMs }) =>
    new RivuletError(
      "limit_exceeded",
      `A statement at ${place} was cancelled: ${reason}. The limit is ${statementTimeoutMs} ms (statementTimeoutMs): query less, or raise it.`,
    ),
  "25006": (reason, { place }) =>
    new RivuletError(
      "store_unavailable",
      `PostgreSQL at ${place} is read-only: ${reason}. Is it a replica, or is default_transaction_read_only on?`,
    ),
  XX001: (reason, { place }) =>
    new RivuletError("store_corrupt", `PostgreSQL at ${place} has damaged data: ${reason}`),
  XX002: (reason, { place }) =>
    new RivuletError("store_corrupt", `PostgreSQL at ${place} has a damaged index: ${reason}`),
  // Somebody has changed tables, or their schema.
  "3F000": notWhole,
  "42P01": notWhole,
  "42703": notWhole,
  "40": collided,
  "40003": away,
  // Two processes created the same table or schema at once, despite IF NOT EXISTS.
  "42P06": collided,
  "42P07": collided,
};

/**
 * Classes of states that tell of the values, or of what they meet in the table: bad data, broken keys, too long for
 * the database, raised by somebody's own rule. A record is refused for these; for all others it is kept until the
 * database is in order.
 */
const OF_DATA = new Set(["21", "22", "23", "44", "54", "P0"]);

/**
 * States after which the connection is gone, was never made, or is of no use: behind a replica's address another
 * server may be the primary by now, and only a new connection finds it.
 */
const LOST = new Set([
  "57P01",
  "57P02",
  "57P03",
  "57P05",
  "25P03",
  "53300",
  "25006",
  "26000",
  "42P05",
]);
/** What Node and `pg` say when a connection breaks or cannot be made; they give these no SQLSTATE. */
const NETWORK_CODE = /^(E[A-Z_]{2,}|ERR_(SSL|TLS|SOCKET|STREAM)_\w+|[A-Z_]*CERT\w*|UNABLE_TO_\w+)$/;
const NETWORK_MESSAGE =
  /^(Connection terminated|timeout exceeded when trying|timeout expired|Query read timeout|Client has encountered a connection error|Client was closed|The server does not support SSL|There was an error establishing an SSL)/;
/** Network failures that waiting does not mend: TLS has them. */
const LASTING = /CERT|UNABLE_TO|SSL|ERR_TLS/;

/**
 * What PostgreSQL, its client or the network said, as an error that names the place and hides the password.
 * An error about the data itself is given back as it came.
 */
export function postgresError(cause: unknown, name: DatabaseName): unknown {
  if (!(cause instanceof Error) || cause instanceof RivuletError) return cause;
  const code = codeOf(cause);
  const reason = reasonOf(cause);
  const known = errorOf(cause, code);
  if (known === undefined && !isNetworkFailure(cause, code)) return cause;
  const { code: kind, message } = (known ?? away)(reason, name);
  const details = code === "" ? {} : { reason: code };
  const error = new RivuletError(kind, message, { cause, details });
  const interruption = LASTING.test(code || reason) ? undefined : interruptionBy(code, known);
  return interruption === undefined ? error : new InterruptedError(interruption, error);
}

function errorOf(cause: Error, code: string): ErrorOf | undefined {
  const isOfCatalog = "schema" in cause && cause.schema === "pg_catalog";
  if (code === "23505" && isOfCatalog) return collided;
  if (!isState(code)) return undefined;
  const kind = code.slice(0, 2);
  return BY_STATE[code] ?? BY_STATE[kind] ?? (OF_DATA.has(kind) ? undefined : refused);
}

function interruptionBy(code: string, known: ErrorOf | undefined): Interruption | undefined {
  if (known === collided) return "collision";
  if (LOST.has(code) || (known === away && code.startsWith("08"))) return "connection";
  return known === undefined ? "connection" : undefined;
}

function isNetworkFailure(error: Error, code: string): boolean {
  return NETWORK_CODE.test(code) || NETWORK_MESSAGE.test(error.message);
}

function isState(code: string): boolean {
  return /^[\dA-Z]{5}$/.test(code);
}

function codeOf(error: Error): string {
  return "code" in error && typeof error.code === "string" ? error.code : "";
}

/** Several addresses may have been tried: the first one's reason stands for all. */
function reasonOf(error: Error): string {
  if (error instanceof AggregateError && error.errors[0] instanceof Error) {
    return error.errors[0].message;
  }
  return error.message;
}

import { RivuletError } from "@rivulet/domain";
import type { PartitionPeriod, PostgresOptions } from "./options.ts";
import { type TlsSettings, tlsFromParameters } from "./tls.ts";

/** Everything known about a connection, in a form that can be sent to a worker. */
export interface ConnectionSettings {
  readonly host?: string;
  readonly port?: number;
  readonly user?: string;
  readonly password?: string;
  readonly database?: string;
  /** Absent: as in the environment's `PGSSLMODE`, else none. */
  readonly tls?: TlsSettings;
  /** Binds the password exchange to the TLS connection, if the server supports it. */
  readonly channelBinding: boolean;
  readonly schema: string;
  readonly max: number;
  readonly connectionTimeoutMs: number;
  readonly statementTimeoutMs: number;
  readonly idleTimeoutMs: number;
  readonly applicationName: string;
  /** Session settings in libpq's form, such as `-c work_mem=64MB`. */
  readonly serverOptions?: string;
  readonly partitions?: PartitionPeriod;
}

/**
 * Reads a `postgres:` URL and the options beside it, which win. The parameters are libpq's, and the names of
 * {@link PostgresOptions}.
 *
 * @throws RivuletError `invalid_argument` for a URL, parameter or option that cannot be; `store_unavailable`
 * for a certificate that cannot be read. Messages hold no password.
 */
export function readConnectionSettings(url: string, options: PostgresOptions): ConnectionSettings {
  const { location, parameters } = parseUrl(url);
  refuseUnknown(parameters);
  const read = { parameters, options };
  const connectSeconds = parameters.get("connect_timeout");
  return {
    ...location,
    ...tlsFromParameters(parameters, options.ssl),
    channelBinding: ["prefer", "require"].includes(parameters.get("channel_binding") ?? ""),
    schema: schemaOf(options.schema ?? parameters.get("schema") ?? "rivulet"),
    max: connectionsOf(read),
    connectionTimeoutMs: wholeNumber(
      read,
      "connectionTimeoutMs",
      connectSeconds === null ? 10_000 : Number(connectSeconds) * 1000,
    ),
    statementTimeoutMs: wholeNumber(read, "statementTimeoutMs", 60_000),
    idleTimeoutMs: wholeNumber(read, "idleTimeoutMs", 30_000),
    applicationName: options.applicationName ?? parameters.get("application_name") ?? "rivulet",
    ...optional("serverOptions", parameters.get("options")),
    ...optional("partitions", periodOf(options.partitions ?? parameters.get("partitions"))),
  };
}

/** `host:port/database`, without secrets. */
export function placeOf({ host, port, database, user }: ConnectionSettings): string {
  const name = database ?? process.env["PGDATABASE"] ?? user ?? process.env["PGUSER"] ?? "";
  const machine = host ?? process.env["PGHOST"] ?? "localhost";
  return `${machine}:${port ?? process.env["PGPORT"] ?? 5432}/${name}`;
}

/** The store's URL for display: no user, no password. */
export function publicUrl(settings: ConnectionSettings): string {
  const schema = settings.schema === "rivulet" ? "" : `?schema=${settings.schema}`;
  return `postgres://${placeOf(settings)}${schema}`;
}

type Location = Pick<ConnectionSettings, "host" | "port" | "user" | "password" | "database">;

function parseUrl(url: string): { location: Location; parameters: URLSearchParams } {
  // The parser rejects a user without a host, as used with a socket folder in `host=`.
  const parsed = URL.parse(url.replace("@/", "@./"));
  if (!/^postgres(ql)?:\/\//.test(url) || parsed === null || parsed.host.includes(",")) {
    throw unreadable();
  }
  const { searchParams: parameters, hostname, port, username, password, pathname } = parsed;
  const host = hostname === "." ? "" : decoded(hostname.replace(/^\[(.+)\]$/, "$1"));
  return {
    parameters,
    location: {
      ...optional("host", parameters.get("host") ?? host),
      ...optional("port", portOf(parameters.get("port") ?? port)),
      ...optional("user", decoded(username) || parameters.get("user")),
      ...optional("password", decoded(password) || parameters.get("password")),
      ...optional("database", decoded(pathname.slice(1)) || parameters.get("dbname")),
    },
  };
}

function unreadable(): RivuletError {
  return new RivuletError(
    "invalid_argument",
    "The PostgreSQL URL is invalid. Write postgres://USER:PASSWORD@HOST:PORT/DATABASE, with %40 for an @ in the password, %2F for a /, %23 for a #; one host.",
  );
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw unreadable();
  }
}

function portOf(text: string): number | undefined {
  if (text === "") return undefined;
  const port = Number(text);
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port;
  throw invalid("port", text, "a whole number from 1 to 65535");
}

/** Parameters besides those for the database's place and TLS. */
const KNOWN_PARAMETERS = [
  "host",
  "port",
  "user",
  "password",
  "dbname",
  "sslmode",
  "sslrootcert",
  "sslcert",
  "sslkey",
  "connect_timeout",
  "application_name",
  "options",
  "channel_binding",
  "schema",
  "max",
  "connectionTimeoutMs",
  "statementTimeoutMs",
  "idleTimeoutMs",
  "partitions",
];

function refuseUnknown(parameters: URLSearchParams): void {
  for (const name of parameters.keys()) {
    if (KNOWN_PARAMETERS.includes(name)) continue;
    throw new RivuletError(
      "invalid_argument",
      `The PostgreSQL URL has the unknown parameter "${name}". Known: ${KNOWN_PARAMETERS.join(", ")}.`,
    );
  }
}

/** A name that never needs quotes. */
function schemaOf(name: string): string {
  if (/^[a-z_][a-z\d_]{0,62}$/.test(name) && !name.startsWith("pg_")) return name;
  throw invalid("schema", name, "lower-case letters, digits and _, at most 63, not from pg_");
}

function periodOf(period: string | null): PartitionPeriod | null {
  if (period === null || period === "day" || period === "week" || period === "month") return period;
  throw invalid("partitions", period, "day, week or month");
}

interface Read {
  readonly parameters: URLSearchParams;
  readonly options: PostgresOptions;
}

type NumberOption = "max" | "connectionTimeoutMs" | "statementTimeoutMs" | "idleTimeoutMs";

/** While one connection reads a snapshot, another may be needed for a lookup. */
function connectionsOf(read: Read): number {
  const max = wholeNumber(read, "max", 5);
  if (max > 1) return max;
  throw invalid("max", String(max), "at least 2");
}

function wholeNumber({ parameters, options }: Read, name: NumberOption, fallback: number): number {
  const value = options[name] ?? Number(parameters.get(name) ?? fallback);
  if (Number.isSafeInteger(value) && value > 0) return value;
  throw invalid(name, String(value), "a whole number greater than 0");
}

function invalid(name: string, value: string, expected: string): RivuletError {
  return new RivuletError(
    "invalid_argument",
    `PostgreSQL's "${name}" cannot be "${value}": expected ${expected}.`,
  );
}

function optional<K extends string, V>(
  key: K,
  value: V | null | undefined | "",
): { readonly [P in K]?: V } {
  if (value === null || value === undefined || value === "") return {};
  return { [key]: value } as { readonly [P in K]?: V };
}

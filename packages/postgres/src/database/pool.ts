import type { ConnectionOptions } from "node:tls";
import { Client, Pool, type PoolConfig } from "pg";
import type { ConnectionSettings } from "../connection-settings.ts";
import type { TlsSettings } from "../tls.ts";
import { columnTypes } from "./values.ts";

/** Milliseconds beyond the server's own limit after which a silent connection is considered dead. */
const SILENCE_MS = 5000;

/** Connections to one database, created when needed. */
export async function openPool(settings: ConnectionSettings): Promise<Pool> {
  const config = poolConfig(settings);
  const pool = new Pool(
    settings.tls?.mode === "prefer" && !(await offersTls(config))
      ? { ...config, ssl: false }
      : config,
  );
  // A connection that breaks while nobody uses it is replaced when it is needed; one that breaks in use says
  // so to the statement it was running.
  pool.on("error", () => undefined);
  pool.on("connect", (client) => client.on("error", () => undefined));
  return pool;
}

function poolConfig(settings: ConnectionSettings): PoolConfig {
  const { host, port, user, password, database, tls, channelBinding } = settings;
  const location = { host, port, user, password, database };
  return {
    ...Object.fromEntries(Object.entries(location).filter(([, value]) => value !== undefined)),
    ...(tls === undefined ? {} : { ssl: tlsOptions(tls) }),
    ...(channelBinding ? { enableChannelBinding: true } : {}),
    max: settings.max,
    connectionTimeoutMillis: settings.connectionTimeoutMs,
    idleTimeoutMillis: settings.idleTimeoutMs,
    query_timeout: settings.statementTimeoutMs + SILENCE_MS,
    keepAlive: true,
    application_name: settings.applicationName,
    options: sessionOptions(settings),
    types: columnTypes,
  };
}

/**
 * What server, database or user may have set otherwise, and what we read and write depends on. Sent when a connection
 * starts, so that it costs no statement, and a pooler that cannot keep it says so.
 */
function sessionOptions({ schema, statementTimeoutMs, serverOptions }: ConnectionSettings): string {
  const own = {
    statement_timeout: statementTimeoutMs,
    // A stopped process does not block others for longer.
    idle_in_transaction_session_timeout: statementTimeoutMs,
    client_min_messages: "warning",
    // All digits of a number; PostgreSQL 11, on which YugabyteDB is based, omits the last ones.
    extra_float_digits: "3",
    // Rows are written as lists of columns, and some of their values are NULL.
    array_nulls: "on",
  };
  const settings = Object.entries(own).map(([name, value]) => `-c ${name}=${value}`);
  const given = serverOptions === undefined ? [] : [serverOptions];
  // The last setting wins: only `schema` says where the store is.
  return [...settings, ...given, `-c search_path=${schema}`].join(" ");
}

function tlsOptions(tls: TlsSettings): ConnectionOptions | false {
  if (tls.mode === "off") return false;
  const { ca, cert, key, rejectUnauthorized = true, verifyName = true } = tls;
  return {
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
    rejectUnauthorized,
    ...(verifyName ? {} : { checkServerIdentity: () => undefined }),
  };
}

async function offersTls(config: PoolConfig): Promise<boolean> {
  const client = new Client(config);
  client.on("error", () => undefined);
  try {
    await client.connect();
    await client.end();
    return true;
  } catch (error) {
    // Any other problem is reported by the first statement.
    return !(error instanceof Error && error.message.startsWith("The server does not support SSL"));
  }
}

import {
  BOOLEAN,
  checkOptions,
  OBJECT,
  type OptionCheck,
  type OptionChecks,
  STORE_OPTIONS,
  TEXT,
} from "@rivulet/store";
import type { OpenPostgresOptions } from "./open-postgres.ts";
import type { PostgresOptions, PostgresTls } from "./options.ts";

const STORE: OptionChecks<OpenPostgresOptions> = {
  of: "a store",
  checks: { ...STORE_OPTIONS.checks, postgres: OBJECT },
};

/** Checked together with the URL, which may contain the same settings. */
const WITH_URL: OptionCheck = { accepts: () => true, accepted: "anything" };

const POSTGRES: OptionChecks<PostgresOptions> = {
  of: "postgres",
  checks: {
    schema: TEXT,
    max: WITH_URL,
    ssl: {
      accepts: (value) => BOOLEAN.accepts(value) || OBJECT.accepts(value),
      accepted: "true, false, or an object",
    },
    connectionTimeoutMs: WITH_URL,
    statementTimeoutMs: WITH_URL,
    idleTimeoutMs: WITH_URL,
    applicationName: TEXT,
    partitions: WITH_URL,
  },
};

const TLS: OptionChecks<PostgresTls> = {
  of: "ssl",
  checks: { ca: TEXT, cert: TEXT, key: TEXT, rejectUnauthorized: BOOLEAN, verifyName: BOOLEAN },
};

/** Checks the options of `openPostgres`, including nested ones. @throws RivuletError `invalid_argument` */
export function checkPostgresOptions(options: OpenPostgresOptions): void {
  checkOptions(options, STORE);
  const { postgres } = options;
  if (postgres === undefined) return;
  checkOptions(postgres, POSTGRES);
  if (typeof postgres.ssl === "object") checkOptions(postgres.ssl, TLS);
}

import type { OpenStoreOptions, Store } from "@rivulet/store";
import { type EngineSetup, openEngine } from "@rivulet/store/engine";
import { answerStorage, filesBeside, storageElsewhere, withPlace } from "@rivulet/store/files";
import type { FileStorage } from "@rivulet/store/sql";
import { placeOf, publicUrl, readConnectionSettings } from "./connection-settings.ts";
import type { PostgresSetup } from "./open-backend.ts";
import type { PostgresOptions } from "./options.ts";
import { checkPostgresOptions } from "./postgres-options.ts";
import { defaultSpool } from "./spool-folder.ts";
import { tellWait } from "./tell-wait.ts";
import { workerProgram } from "./worker-program.ts";

/** Options of {@link openPostgres}. */
export interface OpenPostgresOptions extends OpenStoreOptions {
  /** How the database is reached and used. */
  readonly postgres?: PostgresOptions;
}

/**
 * Opens the store in a PostgreSQL database: `postgres://USER:PASSWORD@HOST:PORT/DATABASE`, with libpq's
 * parameters (`sslmode`, `connect_timeout` …) and those of {@link PostgresOptions}. What is left out comes from
 * libpq's environment variables (`PGHOST`, `PGPASSWORD` …). The schema and its tables are made when they are
 * not there.
 *
 * Spans and metric points wait in the spool on this machine's disk while the database is away.
 *
 * @throws RivuletError `invalid_argument` for a URL or option that cannot be, `store_unavailable` when the
 * database cannot be reached for {@link PostgresOptions.connectionTimeoutMs}, `permission_denied`,
 * `store_corrupt` when the schema holds tables of another program, `store_too_new`
 */
export async function openPostgres(url: string, given: OpenPostgresOptions = {}): Promise<Store> {
  checkPostgresOptions(given);
  const { postgres = {}, ...options } = given;
  const settings = readConnectionSettings(url, postgres);
  const elsewhere = storageElsewhere(withPlace(options));
  const setup: PostgresSetup = { ...settings, isElsewhere: elsewhere !== undefined };
  return tellWait({ settings, report: options.onError }, () =>
    openEngine({
      info: { driver: "postgres", url: publicUrl(settings) },
      key: `postgres:${settings.user ?? ""}@${placeOf(settings)}/${settings.schema}`,
      backend: { kind: "worker", program: workerProgram, setup },
      spool: options.spool ?? defaultSpool(settings),
      ...(elsewhere === undefined ? {} : filesElsewhere(elsewhere)),
      options,
    }),
  );
}

/** Bytes go between this thread and the storage; what is in the database is read through the worker. */
function filesElsewhere(storage: FileStorage): Pick<EngineSetup, "files" | "storage"> {
  // The worker lists both.
  const { list: _, ...files } = filesBeside(storage);
  return { files, storage: answerStorage(storage) };
}

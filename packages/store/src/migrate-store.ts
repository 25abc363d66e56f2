import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { RivuletError } from "@rivulet/domain";
import { type Driver, findDriver } from "./drivers/registry.ts";
import { requireApart } from "./drivers/stores-apart.ts";
import { withPlace } from "./files/files-elsewhere.ts";
import { loadDriver } from "./load-driver.ts";
import type {
  Migration,
  MigrationProgress,
  MigrationReport,
  MigrationSource,
} from "./migration/migration.ts";
import { unknownUrl } from "./open-store.ts";
import type { Store } from "./port/store.ts";
import { requireNode } from "./require-node.ts";
import { restoreWith } from "./restore-store.ts";
import { withoutSecrets } from "./store-url.ts";

/** Options of {@link migrateStore}. */
export interface MigrateOptions {
  /** URL of the store to read, or an open one, such as one in memory. It is never written to. */
  readonly from: string | Store;
  /** URL of a new or empty store, or of one into which the same migration was begun; of any driver except `memory:`. */
  readonly to: string;
  /** Called now and then. */
  readonly onProgress?: (progress: MigrationProgress) => void;
  /** Stops it between two steps; the next attempt goes on from there. */
  readonly signal?: AbortSignal;
  /** Permissions of new files; new folders get the matching `x`. @default 0o600 */
  readonly fileMode?: number;
  /** Where the files of the store are that is read: `s3://BUCKET/PREFIX`, see `openStore`. @default `RIVULET_ARTIFACTS`, else beside it */
  readonly fromArtifacts?: string;
  /** Where those of the other go; never the same place. @default beside it, or in its database */
  readonly toArtifacts?: string;
}

/**
 * Brings everything of one moment of a store into another: rows and files, which are then compared. What is read may have
 * the schema of an older release, and is not changed. A migration that was stopped, even by `kill -9`, goes on when it is
 * begun again; into `json:`, and from an open store, it begins anew. The target must not be open anywhere.
 *
 * @throws RivuletError `not_found` when there is no store to read; `already_exists` when the other holds something else;
 * `conflict` when records still wait in the spool, or when the two differ in the end; `store_locked` when the target is
 * open; `aborted` through `signal`; `unsupported` for a target in memory; `invalid_argument` for a URL that no driver
 * handles, when both are one store, or when one lies where the other keeps its files. No message holds a secret of a URL.
 */
export async function migrateStore(options: MigrateOptions): Promise<MigrationReport> {
  requireNode(process.versions.node);
  const { from, to, onProgress = () => undefined, signal, fileMode } = options;
  if (to === "memory:") {
    const message = "A memory: store does not outlive its client: migrate into another kind.";
    throw new RivuletError("unsupported", message);
  }
  requireApart(typeof from === "string" ? from : from.info.url, to);
  if (typeof from !== "string") return migrateOpen(from, options);
  const [source, target] = [await driverOf(from), await driverOf(to)];
  if (target.migrate === undefined) throw unable(to, "written");
  const opened = await source.source?.(from, placeOf(options.fromArtifacts));
  if (opened === undefined) throw unable(from, "read");
  try {
    requireComplete(opened);
    const migrate = target.migrate;
    const check = (): void => {
      if (signal?.aborted) throw stopped(signal);
    };
    const { url, version, storage, isOpen } = opened;
    const migrated = await opened.database.snapshot((sql) => {
      const migration: Migration = { from: url, sql, version, storage, tell: onProgress, check };
      return migrate(to, migration, {
        ...(fileMode === undefined ? {} : { fileMode }),
        ...(options.toArtifacts === undefined ? {} : { artifacts: options.toArtifacts }),
      });
    });
    return { from: url, to: withoutSecrets(to), ...migrated, wasOpen: isOpen };
  } finally {
    await opened.close();
  }
}

function placeOf(artifacts: string | undefined): { readonly artifacts?: string } {
  return withPlace(artifacts === undefined ? {} : { artifacts });
}

function stopped(signal: AbortSignal): RivuletError {
  const message = "The migration was stopped. Begin it again, and it goes on.";
  return new RivuletError("aborted", message, { cause: signal.reason });
}

function requireComplete({ url, pendingBytes }: MigrationSource): void {
  if (pendingBytes === 0) return;
  throw new RivuletError(
    "conflict",
    `${pendingBytes} bytes of records wait in the spool of ${url} and would be left behind. Let the app that has it open finish, or open it once for writing; then migrate.`,
    { details: { url, pendingBytes } },
  );
}

function unable(url: string, what: string): RivuletError {
  const scheme = /^[a-z][a-z0-9+.-]*/.exec(url)?.[0] ?? "";
  const message = `A ${scheme}: store cannot be ${what} by a migration.`;
  return new RivuletError("unsupported", message);
}

/** An open store is read like a backup of it. */
async function migrateOpen(
  store: Store,
  { to, fileMode, toArtifacts, onProgress }: MigrateOptions,
): Promise<MigrationReport> {
  const folder = await mkdtemp(join(tmpdir(), "rivulet-migration-"));
  try {
    const backup = join(folder, "backup");
    const { rows, files, bytes, missingFiles, damagedFiles } = await store.backup(backup);
    const total = Object.values(rows).reduce((sum, count) => sum + count, 0);
    onProgress?.({ step: "rows", done: total, total });
    // It compares all it reads with the digests in the backup.
    await restoreWith(backup, {
      store: to,
      ...(fileMode === undefined ? {} : { fileMode }),
      ...(toArtifacts === undefined ? {} : { artifacts: toArtifacts }),
    });
    const tables = Object.entries(rows).map(([table, count]) => [
      table,
      { rows: count, digest: "" },
    ]);
    return {
      from: store.info.url,
      to: withoutSecrets(to),
      tables: Object.fromEntries(tables),
      files,
      fileBytes: bytes,
      missingFiles,
      damagedFiles,
      resumed: false,
      wasOpen: true,
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

type Movable = Pick<Driver, "source" | "migrate">;

async function driverOf(url: string): Promise<Movable> {
  const [, scheme = "", path = ""] = /^([a-z][a-z0-9+.-]*):(.*)$/s.exec(url) ?? [];
  const registered = findDriver(scheme);
  if (registered !== undefined) return registered;
  if (scheme === "sqlite" && path !== "" && path !== ":memory:") return sqliteDriver(path);
  if (scheme === "json" && path !== "") return jsonDriver(path);
  const driver = url === "memory:" ? undefined : await loadDriver(scheme);
  if (driver === undefined) throw unknownUrl(url, scheme);
  return driver;
}

function sqliteDriver(path: string): Movable {
  const load = () => import("./drivers/sqlite/migrate-sqlite.ts");
  return {
    source: async (_url, options) => (await load()).sqliteSource(path, options),
    migrate: async (_url, migration, { fileMode, artifacts }) =>
      (await load()).migrateSqlite({ path, fileMode, artifacts }, migration),
  };
}

function jsonDriver(path: string): Movable {
  const load = () => import("./drivers/json/migrate-json.ts");
  return {
    source: async (_url, options) => (await load()).jsonSource(path, options),
    migrate: async (_url, migration, { fileMode, artifacts }) =>
      (await load()).migrateJson({ path, fileMode, artifacts }, migration),
  };
}

import { registerDriver } from "@rivulet/store";
import { readConnectionSettings } from "./connection-settings.ts";
import { openPostgres } from "./open-postgres.ts";
import { restorePostgres } from "./restore-postgres.ts";

export {
  type InspectPostgresOptions,
  inspectPostgres,
  type PostgresReport,
} from "./inspect-postgres.ts";
export { type OpenPostgresOptions, openPostgres } from "./open-postgres.ts";
export type { PartitionPeriod, PostgresOptions, PostgresTls } from "./options.ts";

registerDriver({
  schemes: ["postgres", "postgresql"],
  open: openPostgres,
  restore: restorePostgres,
  // Loaded lazily, because otherwise only workers need a connection.
  source: async (url, options) =>
    (await import("./migrate-postgres.ts")).postgresSource(
      readConnectionSettings(url, {}),
      options,
    ),
  migrate: async (url, migration, options) =>
    (await import("./migrate-postgres.ts")).migrateInto(
      readConnectionSettings(url, {}),
      migration,
      options,
    ),
});

import { registerDriver } from "@rivulet/store";
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
});

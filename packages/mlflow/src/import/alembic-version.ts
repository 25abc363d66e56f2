import type { DatabaseSync } from "node:sqlite";
import { RivuletError } from "@rivulet/core";

/** The newest MLflow whose files were tried. */
const NEWEST = "MLflow 3.18.0 (schema f4a9b2c7d1e6)";

/** Versions of the schema up to there, by the ids that MLflow gives its migrations. */
const KNOWN: ReadonlySet<string> = new Set([
  "0584bdc529eb",
  "0a8213491aaa",
  "0c779009ac13",
  "17e22815139b",
  "181f10493468",
  "1971f2d9a75b",
  "1a0cddfcaa16",
  "1b5f0d9ad7c1",
  "1bd49d398cd23",
  "27a6a02d2cf1",
  "2b4d017a5e9b",
  "2c33131f4dae",
  "2d6e25af4d3e",
  "3500859a5d39",
  "39d1c3be5f05",
  "3da73c924c2f",
  "400f98739977",
  "4465047574b1",
  "451aebb31d03",
  "534353b11cbc",
  "5b0e9adcef9c",
  "5d2d30f0abce",
  "6953534de441",
  "6f8d9c3b2a1e",
  "71994744cf8e",
  "728d730b5ebd",
  "75868b020152",
  "76601a5f987d",
  "770bee3ae1dd",
  "7ac759974ad8",
  "7d34483879f0",
  "7f2a7d5fae7d",
  "84291f40a231",
  "867495a8f9d4",
  "89d3d66ed43f",
  "89d4b8295536",
  "8b6ad64cb8f5",
  "90e64c465722",
  "97727af70f4d",
  "a1b2c3d4e5f6",
  "a5b4c3d2e1f0",
  "a8b9c0d1e2f3",
  "a8c4a736bde6",
  "acf3f17fdcc7",
  "ae8bbe7743c9",
  "b7c8d9e0f1a2",
  "b7e2c1a4d9f3",
  "b7e4c1a90f23",
  "bd07f7e963c5",
  "bda7b8c39065",
  "bf29a5ff90ea",
  "c1d2e3f4a5b6",
  "c3d6457b6d8a",
  "c3d9e7f1a2b4",
  "c48cb773bb87",
  "c8d9e0f1a2b3",
  "c9d4e5f6a7b8",
  "cbc13b556ace",
  "cc1f77228345",
  "cfd24bdc0731",
  "d0e1f2a3b4c5",
  "d3e4f5a6b7c8",
  "da6fb0208061",
  "dc11669786a5",
  "de4033877273",
  "df50e92ffc5e",
  "e1f2a3b4c5d6",
  "e7d1f4b2a9c6",
  "f4a9b2c7d1e6",
  "f5a4f2784254",
]);

/**
 * Refuses a file whose schema nobody has looked at yet: what its columns mean may have changed.
 *
 * @throws RivuletError `invalid_argument` for a file that is not MLflow's, or of an unknown version unless `force` is set
 */
export function checkVersion(database: DatabaseSync, path: string, force: boolean): void {
  const version = versionOf(database, path);
  if (force || version === OLDEST || KNOWN.has(version)) return;
  throw new RivuletError(
    "invalid_argument",
    `${path} has version "${version}" of MLflow's schema, which this import does not know; the newest it knows is of ${NEWEST}. Use a newer Rivulet, or try it all the same with force (--force).`,
    { details: { path, version } },
  );
}

function versionOf(database: DatabaseSync, path: string): string {
  if (isOldest(database)) return OLDEST;
  try {
    const row = database.prepare("SELECT version_num FROM alembic_version").get();
    if (row !== undefined) return String(row["version_num"]);
  } catch (cause) {
    throw notMlflow(path, cause);
  }
  throw notMlflow(path);
}

/** What stands for the schema of MLflow 0.9 and before, which has no version. */
const OLDEST = "0.9";

function isOldest(database: DatabaseSync): boolean {
  try {
    const names = database
      .prepare("SELECT name FROM sqlite_master WHERE type = 'table'")
      .all()
      .map(({ name }) => String(name));
    const tables = ["experiments", "runs", "metrics", "params", "tags"];
    return !names.includes("alembic_version") && tables.every((name) => names.includes(name));
  } catch {
    return false;
  }
}

function notMlflow(path: string, cause?: unknown): RivuletError {
  const message = `${path} is not a SQLite file of MLflow: it has no version of MLflow's schema.`;
  return new RivuletError("invalid_argument", message, { cause, details: { path } });
}

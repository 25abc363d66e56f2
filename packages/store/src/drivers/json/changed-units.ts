import type { Database, Sql } from "../../sql/database.ts";
import { TABLES } from "../../sql/schema.ts";
import { text } from "../../sql/values.ts";
import { FOLDER_KINDS, RUNS_FOLDER, SHARED_TABLES, SHARED_TAGS } from "./file-kinds.ts";
import { LOCAL, STATE, safeName } from "./project-paths.ts";

/** What is written at once: the files of one entity, or the machine-local rows. */
export interface Unit {
  readonly folder: string;
  /** Name or id of the entity; empty for machine-local rows. */
  readonly name: string;
}

/** First two path segments of a unit's files. */
export function pathOf({ folder, name }: Unit): string {
  if (folder === LOCAL) return STATE;
  const slug = safeName(name);
  return folder === RUNS_FOLDER ? `${folder}/${slug}.json` : `${folder}/${slug}`;
}

/**
 * Makes the database record what statements change, so that saving costs in proportion to the change, not to the
 * content.
 */
export async function watchUnits(database: Database): Promise<void> {
  await database.run(
    "CREATE TEMP TABLE changed_units (folder TEXT NOT NULL, name TEXT NOT NULL, PRIMARY KEY (folder, name)) WITHOUT ROWID",
  );
  for (const { name } of TABLES) {
    await addTrigger(database, { table: name, event: "INSERT", rows: ["NEW"] });
    await addTrigger(database, { table: name, event: "UPDATE", rows: ["OLD", "NEW"] });
    await addTrigger(database, { table: name, event: "DELETE", rows: ["OLD"] });
  }
}

interface Trigger {
  readonly table: string;
  readonly event: "INSERT" | "UPDATE" | "DELETE";
  readonly rows: readonly ("OLD" | "NEW")[];
}

async function addTrigger(database: Database, { table, event, rows }: Trigger): Promise<void> {
  const steps = rows.map((row) => {
    const { folder, name } = unitOf(table, row);
    // Without OR IGNORE, because the conflict clause of the triggering statement would apply instead.
    return `INSERT INTO changed_units SELECT ${folder}, ${name} WHERE NOT EXISTS (SELECT 1 FROM changed_units WHERE folder = ${folder} AND name = ${name});`;
  });
  await database.run(
    `CREATE TEMP TRIGGER changed_${table}_${event} AFTER ${event} ON main.${table} BEGIN ${steps.join(" ")} END`,
  );
}

/** Expressions for the unit that a row belongs to. */
function unitOf(table: string, row: "OLD" | "NEW"): Unit {
  if (table === "tags") return unitOfTag(row);
  const shared = SHARED_TABLES.find((one) => one.table === table);
  if (shared === undefined) return { folder: `'${LOCAL}'`, name: "''" };
  const by = `${row}.${shared.by}`;
  const names = { number: runNumbered(by), modelId: runOfModel(by) };
  return {
    folder: `'${shared.folder}'`,
    name: shared.holds === undefined ? by : names[shared.holds],
  };
}

// When a run or a model is deleted, its own row accounts for it.
function runNumbered(number: string): string {
  return `COALESCE((SELECT id FROM runs WHERE inner_id = ${number}), '')`;
}

function runOfModel(id: string): string {
  return `COALESCE((SELECT run_id FROM logged_models WHERE id = ${id}), '')`;
}

function unitOfTag(row: "OLD" | "NEW"): Unit {
  const choose = (answer: (tags: (typeof SHARED_TAGS)[number]) => string, other: string): string =>
    `CASE ${row}.entity ${SHARED_TAGS.map((one) => `WHEN '${one.entity}' THEN ${answer(one)}`).join(" ")} ELSE ${other} END`;
  const owner = `${row}.owner`;
  const named = `rtrim(${owner}, '0123456789')`;
  // A version's owner is NAME@VERSION.
  const version = `substr(${named}, 1, length(${named}) - 1)`;
  const names = { version, modelId: runOfModel(owner) };
  return {
    folder: choose(({ folder }) => `'${folder}'`, `'${LOCAL}'`),
    name: choose((tags) => (tags.owner === undefined ? owner : names[tags.owner]), "''"),
  };
}

const ENTITIES = [
  { table: "runs", folder: RUNS_FOLDER, key: "id" },
  ...FOLDER_KINDS.map(({ folder, entry, key }) => ({ table: entry.table.name, folder, key })),
];

/** Every existing entity, by {@link pathOf}. */
export async function listUnits(sql: Sql): Promise<ReadonlyMap<string, Unit>> {
  const units = new Map<string, Unit>();
  for (const { table, folder, key } of ENTITIES) {
    for (const row of await sql.all(`SELECT ${key} AS name FROM ${table}`)) {
      const unit = { folder, name: text(row, "name") };
      units.set(pathOf(unit), unit);
    }
  }
  return units;
}

/** Marks everything as changed. */
export async function markAll(sql: Sql): Promise<void> {
  for (const { table, folder, key } of ENTITIES) {
    await sql.run(`INSERT OR IGNORE INTO changed_units SELECT '${folder}', ${key} FROM ${table}`);
  }
  await sql.run(`INSERT OR IGNORE INTO changed_units VALUES ('${LOCAL}', '')`);
}

/** Whether anything has changed. */
export async function isAnyChanged(sql: Sql): Promise<boolean> {
  return (await sql.all("SELECT 1 FROM changed_units LIMIT 1")).length > 0;
}

/** What has changed since the last call. */
export async function takeChanged(sql: Sql): Promise<readonly Unit[]> {
  const rows = await sql.all("SELECT folder, name FROM changed_units ORDER BY folder, name");
  await forgetChanged(sql);
  return rows.map((row) => ({ folder: text(row, "folder"), name: text(row, "name") }));
}

/** Marks nothing as changed. */
export async function forgetChanged(sql: Sql): Promise<void> {
  await sql.run("DELETE FROM changed_units");
}

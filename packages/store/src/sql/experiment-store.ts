import type { Experiment, LifecycleFilter, LifecycleStage } from "@rivulet/domain";
import { RivuletError } from "@rivulet/domain";
import type { ExperimentPatch, ExperimentStore } from "../port/store.ts";
import type { Database, Row, Sql, Statement } from "./database.ts";
import { attempt } from "./savepoint.ts";
import { searchRows } from "./search.ts";
import { type SearchTable, tagLookup } from "./search-table.ts";
import { loadTags, patchTags } from "./tags.ts";
import { text, toMicros, toMillis } from "./values.ts";

const table: SearchTable = {
  name: "experiments",
  attributes: {
    id: { expression: "t.id", type: "text" },
    name: { expression: "t.name", type: "text" },
    createdAt: { expression: "t.created_us", type: "time" },
    updatedAt: { expression: "t.updated_us", type: "time" },
  },
  lookups: { tag: tagLookup("experiment", "t.id") },
  defaultOrder: [
    { column: "created_us", descending: true },
    { column: "id", descending: true },
  ],
  tieBreak: [{ column: "id", descending: true }],
};

/** Experiments in SQL. */
export function experimentStore(database: Database): ExperimentStore {
  return {
    create: (experiment) => database.transaction((sql) => insert(sql, experiment)),
    get: (id) => database.snapshot((sql) => findWhere(sql, "id = ?", id)),
    findByName: (name) => database.snapshot((sql) => findWhere(sql, "name = ?", name)),
    update: (patch) => database.transaction((sql) => update(sql, patch)),
    search: ({ lifecycle, ...query }) =>
      database.snapshot(async (sql) => {
        const conditions = inStage(lifecycle);
        const { items, ...rest } = await searchRows(sql, { table, query, conditions });
        return { items: await load(sql, items), ...rest };
      }),
  };
}

/** The condition that keeps a lifecycle stage. */
export function inStage(lifecycle: LifecycleFilter): readonly Statement[] {
  return lifecycle === "all" ? [] : [{ sql: "t.lifecycle = ?", values: [lifecycle] }];
}

/** No experiment has this id. */
export function noExperiment(id: string): RivuletError {
  return new RivuletError("not_found", `No experiment has the id "${id}".`, { details: { id } });
}

async function findWhere(
  sql: Sql,
  condition: string,
  value: string,
): Promise<Experiment | undefined> {
  return (
    await load(sql, await sql.all(`SELECT * FROM experiments WHERE ${condition}`, [value]))
  )[0];
}

async function load(sql: Sql, rows: readonly Row[]): Promise<Experiment[]> {
  const tags = await loadTags(
    sql,
    "experiment",
    rows.map((row) => text(row, "id")),
  );
  return rows.map((row) => ({
    id: text(row, "id"),
    name: text(row, "name"),
    lifecycleStage: text(row, "lifecycle") as LifecycleStage,
    createdAt: toMillis(row["created_us"]),
    updatedAt: toMillis(row["updated_us"]),
    tags: tags.get(text(row, "id")) ?? {},
  }));
}

async function insert(sql: Sql, experiment: Experiment): Promise<void> {
  const { id, name, lifecycleStage, createdAt, updatedAt } = experiment;
  const inserted = await sql.insert(
    {
      table: "experiments",
      columns: ["id", "name", "lifecycle", "created_us", "updated_us"],
      conflict: { key: [], update: [] },
    },
    [[id, name, lifecycleStage, toMicros(createdAt), toMicros(updatedAt)]],
  );
  if (inserted === 0) {
    throw (
      (await nameTaken(sql, name)) ??
      new RivuletError("already_exists", `An experiment has the id "${id}".`, { details: { id } })
    );
  }
  await patchTags(sql, { entity: "experiment", owner: id }, experiment);
}

async function update(sql: Sql, patch: ExperimentPatch): Promise<Experiment> {
  const { id } = patch;
  const current = await findWhere(sql, `id = ? ${sql.dialect.forUpdate}`, id);
  if (current === undefined) throw noExperiment(id);
  const { name = current.name, lifecycleStage = current.lifecycleStage } = patch;
  const write = (): Promise<number> =>
    sql.run("UPDATE experiments SET name = ?, lifecycle = ?, updated_us = ? WHERE id = ?", [
      name,
      lifecycleStage,
      toMicros(patch.updatedAt),
      id,
    ]);
  await attempt(sql, write, async (error) => {
    throw (await nameTaken(sql, name)) ?? error;
  });
  await patchTags(sql, { entity: "experiment", owner: id }, patch);
  return (await findWhere(sql, "id = ?", id)) ?? current;
}

/** Why the name cannot be given again; undefined when it is free. */
async function nameTaken(sql: Sql, name: string): Promise<RivuletError | undefined> {
  const [taken] = await sql.all("SELECT lifecycle FROM experiments WHERE name = ?", [name]);
  if (taken === undefined) return undefined;
  const deleted = text(taken, "lifecycle") === "deleted" ? " and is deleted: restore it or" : ":";
  return new RivuletError(
    "already_exists",
    `Experiment "${name}" exists${deleted} choose another name.`,
    { details: { name } },
  );
}

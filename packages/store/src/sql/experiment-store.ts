import type { Experiment, LifecycleFilter, LifecycleStage } from "@rivulet/domain";
import { RivuletError } from "@rivulet/domain";
import type { ExperimentStore } from "../port/store.ts";
import { searchRows } from "./search.ts";
import { type SearchTable, tagLookup } from "./search-table.ts";
import type { Row, SqlConnection, Statement } from "./sql-connection.ts";
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
export function experimentStore(sql: SqlConnection): ExperimentStore {
  const load = async (rows: readonly Row[]): Promise<Experiment[]> => {
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
  };
  const findWhere = async (condition: string, value: string): Promise<Experiment | undefined> => {
    const rows = await sql.all(`SELECT * FROM experiments WHERE ${condition} = ?`, [value]);
    return (await load(rows))[0];
  };
  return {
    create: (experiment) =>
      sql.transaction(async () => {
        await refuseTakenName(sql, experiment.name);
        await sql.run("INSERT INTO experiments VALUES (?, ?, ?, ?, ?)", [
          experiment.id,
          experiment.name,
          experiment.lifecycleStage,
          toMicros(experiment.createdAt),
          toMicros(experiment.updatedAt),
        ]);
        await patchTags(sql, { entity: "experiment", owner: experiment.id }, experiment);
      }),
    get: (id) => findWhere("id", id),
    findByName: (name) => findWhere("name", name),
    update: (patch) =>
      sql.transaction(async () => {
        const current = await findWhere("id", patch.id);
        if (current === undefined) throw noExperiment(patch.id);
        const { name = current.name, lifecycleStage = current.lifecycleStage } = patch;
        if (name !== current.name) await refuseTakenName(sql, name);
        await sql.run(
          "UPDATE experiments SET name = ?, lifecycle = ?, updated_us = ? WHERE id = ?",
          [name, lifecycleStage, toMicros(patch.updatedAt), patch.id],
        );
        await patchTags(sql, { entity: "experiment", owner: patch.id }, patch);
        return (await findWhere("id", patch.id)) ?? current;
      }),
    async search({ lifecycle, ...query }) {
      const { items, ...rest } = await searchRows(sql, {
        table,
        query,
        conditions: inStage(lifecycle),
      });
      return { items: await load(items), ...rest };
    },
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

async function refuseTakenName(sql: SqlConnection, name: string): Promise<void> {
  const [taken] = await sql.all("SELECT lifecycle FROM experiments WHERE name = ?", [name]);
  if (taken === undefined) return;
  const deleted = text(taken, "lifecycle") === "deleted" ? " and is deleted: restore it or" : ":";
  throw new RivuletError(
    "already_exists",
    `Experiment "${name}" exists${deleted} choose another name.`,
    {
      details: { name },
    },
  );
}

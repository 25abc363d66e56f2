import { jsonText, type ModelVersion, type RegisteredModel } from "@rivulet/domain";
import { ENTITIES } from "@rivulet/domain/entities";
import { JsonText } from "../../json-text/json-text.ts";
import type { Row, Sql } from "../database.ts";
import { type EntityRows, entityRows } from "../kit/entity-rows.ts";
import { number, placeholders, text } from "../values.ts";

/** Registered models with their aliases and latest version. */
export const modelRows: EntityRows<RegisteredModel> = entityRows(ENTITIES.model, {
  async load(sql, rows) {
    const names = rows.map((row) => text(row, "name"));
    const aliases = await loadAliases(sql, names);
    const latest = await latestVersions(sql, names);
    return (row) => {
      const name = text(row, "name");
      const own = aliases.filter((alias) => text(alias, "name") === name);
      const entries = own.map((alias) => [text(alias, "alias"), number(alias, "version")]);
      return { aliases: Object.fromEntries(entries), latestVersion: latest.get(name) };
    };
  },
});

/** Model versions with the aliases that point to them. */
export const modelVersionRows: EntityRows<ModelVersion> = entityRows(ENTITIES.modelVersion, {
  async load(sql, rows) {
    const aliases = await loadAliases(sql, [...new Set(rows.map((row) => text(row, "name")))]);
    return (row) => {
      const own = aliases.filter(
        (alias) =>
          text(alias, "name") === text(row, "name") &&
          number(alias, "version") === number(row, "version"),
      );
      return {
        aliases: own.map((alias) => text(alias, "alias")),
        metrics: readMetrics(text(row, "metrics")),
      };
    };
  },
});

/** Metrics as JSON, which has no NaN and no infinities: there they are named. */
export function metricsJson(metrics: ModelVersion["metrics"]): JsonText {
  return new JsonText(jsonText(metrics));
}

function readMetrics(json: string): ModelVersion["metrics"] {
  const metrics: Readonly<Record<string, number | string>> = JSON.parse(json);
  const entries = Object.entries(metrics);
  return Object.fromEntries(
    entries.map(([key, value]) => [key, typeof value === "string" ? Number(value) : value]),
  );
}

async function loadAliases(sql: Sql, names: readonly string[]): Promise<readonly Row[]> {
  if (names.length === 0) return [];
  return sql.all(
    `SELECT name, alias, version FROM model_aliases WHERE name IN (${placeholders(names)}) ORDER BY alias`,
    names,
  );
}

async function latestVersions(
  sql: Sql,
  names: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  if (names.length === 0) return new Map();
  const rows = await sql.all(
    `SELECT name, MAX(version) AS version FROM model_versions WHERE name IN (${placeholders(names)}) GROUP BY name`,
    names,
  );
  return new Map(rows.map((row) => [text(row, "name"), number(row, "version")]));
}

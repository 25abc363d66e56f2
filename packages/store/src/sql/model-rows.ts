import type { ModelVersion, RegisteredModel } from "@rivulet/domain";
import type { ModelVersionKey } from "../port/store.ts";
import type { Row, Sql } from "./database.ts";
import { loadTags, versionOwner } from "./tags.ts";
import { number, optionalText, parsed, placeholders, present, text, toMillis } from "./values.ts";

/** The model of this name. */
export async function getModel(sql: Sql, name: string): Promise<RegisteredModel | undefined> {
  return (await loadModels(sql, await sql.all("SELECT * FROM models WHERE name = ?", [name])))[0];
}

/** One version of a model. */
export async function getVersion(
  sql: Sql,
  { name, version }: ModelVersionKey,
): Promise<ModelVersion | undefined> {
  const rows = await sql.all("SELECT * FROM model_versions WHERE name = ? AND version = ?", [
    name,
    version,
  ]);
  return (await loadVersions(sql, rows))[0];
}

async function loadAliases(sql: Sql, names: readonly string[]): Promise<readonly Row[]> {
  if (names.length === 0) return [];
  return sql.all(
    `SELECT name, alias, version FROM model_aliases WHERE name IN (${placeholders(names)}) ORDER BY alias`,
    names,
  );
}

/** Rows of `models` as models. */
export async function loadModels(sql: Sql, rows: readonly Row[]): Promise<RegisteredModel[]> {
  const names = rows.map((row) => text(row, "name"));
  const tags = await loadTags(sql, "model", names);
  const aliases = await loadAliases(sql, names);
  const latest = await latestVersions(sql, names);
  return rows.map((row) => {
    const name = text(row, "name");
    const own = aliases.filter((alias) => alias["name"] === name);
    return present<RegisteredModel>({
      name,
      description: text(row, "description"),
      createdAt: toMillis(row["created_us"]),
      updatedAt: toMillis(row["updated_us"]),
      tags: tags.get(name) ?? {},
      aliases: Object.fromEntries(
        own.map((alias) => [text(alias, "alias"), number(alias, "version")]),
      ),
      latestVersion: latest.get(name),
    });
  });
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

/** Rows of `model_versions` as versions. */
export async function loadVersions(sql: Sql, rows: readonly Row[]): Promise<ModelVersion[]> {
  const owners = rows.map((row) => versionOwner(text(row, "name"), number(row, "version")));
  const tags = await loadTags(sql, "model_version", owners);
  const aliases = await loadAliases(sql, [...new Set(rows.map((row) => text(row, "name")))]);
  return rows.map((row) => {
    const name = text(row, "name");
    const version = number(row, "version");
    return present<ModelVersion>({
      name,
      version,
      description: text(row, "description"),
      runId: optionalText(row, "run_id"),
      artifactPath: optionalText(row, "artifact_path"),
      source: optionalText(row, "source"),
      createdAt: toMillis(row["created_us"]),
      updatedAt: toMillis(row["updated_us"]),
      tags: tags.get(versionOwner(name, version)) ?? {},
      aliases: aliases
        .filter((alias) => alias["name"] === name && number(alias, "version") === version)
        .map((alias) => text(alias, "alias")),
      metrics: parsed(row, "metrics"),
    });
  });
}

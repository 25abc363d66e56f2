import type { PromptArm, PromptEntry, PromptVersion } from "@rivulet/domain";
import type { ModelVersionKey } from "../port/store.ts";
import type { Row, Sql } from "./database.ts";
import { loadTags, versionOwner } from "./tags.ts";
import { number, parsed, placeholders, text, toMillis } from "./values.ts";

/** The prompt of this name. */
export async function getPrompt(sql: Sql, name: string): Promise<PromptEntry | undefined> {
  return (await loadEntries(sql, await sql.all("SELECT * FROM prompts WHERE name = ?", [name])))[0];
}

/** One version of a prompt. */
export async function getVersion(
  sql: Sql,
  { name, version }: ModelVersionKey,
): Promise<PromptVersion | undefined> {
  const rows = await sql.all("SELECT * FROM prompt_versions WHERE name = ? AND version = ?", [
    name,
    version,
  ]);
  return (await loadVersions(sql, rows))[0];
}

interface StoredAlias {
  readonly name: string;
  readonly alias: string;
  readonly arms: readonly PromptArm[];
}

async function loadAliases(sql: Sql, names: readonly string[]): Promise<readonly StoredAlias[]> {
  if (names.length === 0) return [];
  const rows = await sql.all(
    `SELECT name, alias, arms FROM prompt_aliases WHERE name IN (${placeholders(names)}) ORDER BY alias`,
    names,
  );
  return rows.map((row) => ({
    name: text(row, "name"),
    alias: text(row, "alias"),
    arms: parsed(row, "arms"),
  }));
}

/** Rows of `prompts` as prompts. */
export async function loadEntries(sql: Sql, rows: readonly Row[]): Promise<PromptEntry[]> {
  const names = rows.map((row) => text(row, "name"));
  const tags = await loadTags(sql, "prompt", names);
  const aliases = await loadAliases(sql, names);
  return rows.map((row) => {
    const name = text(row, "name");
    const own = aliases.filter((alias) => alias.name === name);
    return {
      name,
      description: text(row, "description"),
      createdAt: toMillis(row["created_us"]),
      updatedAt: toMillis(row["updated_us"]),
      tags: tags.get(name) ?? {},
      latestVersion: number(row, "last_version"),
      aliases: Object.fromEntries(own.map(({ alias, arms }) => [alias, arms])),
    };
  });
}

/** Rows of `prompt_versions` as versions. */
export async function loadVersions(sql: Sql, rows: readonly Row[]): Promise<PromptVersion[]> {
  const owners = rows.map((row) => versionOwner(text(row, "name"), number(row, "version")));
  const tags = await loadTags(sql, "prompt_version", owners);
  const aliases = await loadAliases(sql, [...new Set(rows.map((row) => text(row, "name")))]);
  return rows.map((row) => {
    const name = text(row, "name");
    const version = number(row, "version");
    return {
      name,
      version,
      type: text(row, "type") as PromptVersion["type"],
      template: parsed(row, "template"),
      variables: parsed(row, "variables"),
      config: parsed(row, "config"),
      commitMessage: text(row, "commit_message"),
      tags: tags.get(versionOwner(name, version)) ?? {},
      aliases: aliases
        .filter((alias) => alias.name === name && alias.arms.some((arm) => arm.version === version))
        .map(({ alias }) => alias),
      createdAt: toMillis(row["created_us"]),
      contentHash: text(row, "content_hash"),
    };
  });
}

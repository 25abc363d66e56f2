import type { Page, PromptArm, PromptEntry, PromptVersion } from "@rivulet/domain";
import { RivuletError } from "@rivulet/domain";
import type {
  ModelVersionKey,
  NewPromptVersion,
  PromptAliasWrite,
  PromptStore,
} from "../port/store.ts";
import { noAlias, noVersion } from "./model-store.ts";
import { decodePageToken, encodePageToken } from "./page-token.ts";
import { searchRows } from "./search.ts";
import { type SearchTable, tagLookup } from "./search-table.ts";
import type { Row, SqlConnection, SqlValue } from "./sql-connection.ts";
import { deleteTags, loadTags, patchTags, versionOwner } from "./tags.ts";
import { number, parsed, placeholders, text, toMicros, toMillis } from "./values.ts";

const table: SearchTable = {
  name: "prompts",
  attributes: {
    name: { expression: "t.name", type: "text" },
    createdAt: { expression: "t.created_us", type: "time" },
    updatedAt: { expression: "t.updated_us", type: "time" },
  },
  lookups: { tag: tagLookup("prompt", "t.name") },
  defaultOrder: [{ column: "name", descending: false }],
  tieBreak: [{ column: "name", descending: false }],
};

/** Prompts in SQL. */
export function promptStore(sql: SqlConnection): PromptStore {
  return { ...prompts(sql), ...versions(sql), ...aliases(sql) };
}

function prompts(sql: SqlConnection): Pick<PromptStore, "get" | "update" | "delete" | "search"> {
  return {
    get: (name) => getPrompt(sql, name),
    update: (patch) =>
      sql.transaction(async () => {
        const current = await getPrompt(sql, patch.name);
        if (current === undefined) throw noPrompt(patch.name);
        await sql.run("UPDATE prompts SET description = ?, updated_us = ? WHERE name = ?", [
          patch.description ?? current.description,
          toMicros(patch.updatedAt),
          patch.name,
        ]);
        await patchTags(sql, { entity: "prompt", owner: patch.name }, patch);
        return (await getPrompt(sql, patch.name)) ?? current;
      }),
    delete: (name) => sql.transaction(() => deletePrompt(sql, name)),
    async search(query) {
      const { items, ...rest } = await searchRows(sql, { table, query });
      return { items: await loadEntries(sql, items), ...rest };
    },
  };
}

function versions(
  sql: SqlConnection,
): Pick<PromptStore, "addVersion" | "getVersion" | "listVersions"> {
  return {
    addVersion: (version) =>
      sql.transaction(async () => {
        const { name } = version;
        const next = await insertVersion(sql, version);
        for (const alias of version.setAliases ?? []) {
          await pointAlias(sql, { name, alias, arms: [{ version: next, weight: 1 }] });
        }
        return requireVersion(sql, { name, version: next });
      }),
    getVersion: (key) => getVersion(sql, key),
    listVersions: (query) => listVersions(sql, query),
  };
}

function aliases(sql: SqlConnection): Pick<PromptStore, "setAlias" | "deleteAlias"> {
  const touch = (name: string, updatedAt: number): Promise<number> =>
    sql.run("UPDATE prompts SET updated_us = ? WHERE name = ?", [toMicros(updatedAt), name]);
  return {
    setAlias: (write) =>
      sql.transaction(async () => {
        const { name, arms, updatedAt } = write;
        for (const { version } of arms) await requireVersion(sql, { name, version });
        await refuseMoved(sql, write);
        await pointAlias(sql, write);
        await touch(name, updatedAt);
      }),
    deleteAlias: ({ name, alias, updatedAt }) =>
      sql.transaction(async () => {
        const deleted = await sql.run("DELETE FROM prompt_aliases WHERE name = ? AND alias = ?", [
          name,
          alias,
        ]);
        if (deleted === 0) throw noAlias("Prompt", name, alias);
        await touch(name, updatedAt);
      }),
  };
}

async function getPrompt(sql: SqlConnection, name: string): Promise<PromptEntry | undefined> {
  return (await loadEntries(sql, await sql.all("SELECT * FROM prompts WHERE name = ?", [name])))[0];
}

async function getVersion(
  sql: SqlConnection,
  { name, version }: ModelVersionKey,
): Promise<PromptVersion | undefined> {
  const rows = await sql.all("SELECT * FROM prompt_versions WHERE name = ? AND version = ?", [
    name,
    version,
  ]);
  return (await loadVersions(sql, rows))[0];
}

async function requireVersion(sql: SqlConnection, key: ModelVersionKey): Promise<PromptVersion> {
  const version = await getVersion(sql, key);
  if (version === undefined) throw noVersion("prompt", key);
  return version;
}

function noPrompt(name: string): RivuletError {
  return new RivuletError("not_found", `No prompt is named "${name}".`, { details: { name } });
}

async function insertVersion(sql: SqlConnection, version: NewPromptVersion): Promise<number> {
  const { name } = version;
  const [latest] = await sql.all(
    "SELECT version, content_hash FROM prompt_versions WHERE name = ? ORDER BY version DESC LIMIT 1",
    [name],
  );
  if (latest !== undefined && text(latest, "content_hash") === version.contentHash) {
    return number(latest, "version");
  }
  const createdAt = toMicros(version.createdAt);
  await sql.run("INSERT INTO prompts VALUES (?, ?, 0, ?, ?) ON CONFLICT (name) DO NOTHING", [
    name,
    version.description ?? "",
    createdAt,
    createdAt,
  ]);
  await sql.run(
    "UPDATE prompts SET last_version = last_version + 1, updated_us = ? WHERE name = ?",
    [createdAt, name],
  );
  const [entry = {}] = await sql.all("SELECT last_version FROM prompts WHERE name = ?", [name]);
  const next = number(entry, "last_version");
  await sql.run("INSERT INTO prompt_versions VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", [
    name,
    next,
    version.type,
    JSON.stringify(version.template),
    JSON.stringify(version.variables),
    JSON.stringify(version.config),
    version.commitMessage,
    createdAt,
    version.contentHash,
  ]);
  await patchTags(sql, { entity: "prompt_version", owner: versionOwner(name, next) }, version);
  return next;
}

async function pointAlias(
  sql: SqlConnection,
  { name, alias, arms }: Pick<PromptAliasWrite, "name" | "alias" | "arms">,
): Promise<void> {
  await sql.run(
    "INSERT INTO prompt_aliases VALUES (?, ?, ?) ON CONFLICT (name, alias) DO UPDATE SET arms = excluded.arms",
    [name, alias, canonicalArms(arms)],
  );
}

async function refuseMoved(
  sql: SqlConnection,
  { name, alias, expected }: PromptAliasWrite,
): Promise<void> {
  if (expected === undefined) return;
  const [row] = await sql.all("SELECT arms FROM prompt_aliases WHERE name = ? AND alias = ?", [
    name,
    alias,
  ]);
  const current = row === undefined ? null : text(row, "arms");
  if (current === (expected === null ? null : canonicalArms(expected))) return;
  throw new RivuletError(
    "conflict",
    `Alias "${alias}" of prompt "${name}" was moved meanwhile. Read it again and decide anew.`,
    { details: { name, alias } },
  );
}

function canonicalArms(arms: readonly PromptArm[]): string {
  return JSON.stringify(arms.map(({ version, weight }) => ({ version, weight })));
}

async function deletePrompt(sql: SqlConnection, name: string): Promise<void> {
  const deleted = await sql.run("DELETE FROM prompts WHERE name = ?", [name]);
  if (deleted === 0) throw noPrompt(name);
  const versions = await sql.all("SELECT version FROM prompt_versions WHERE name = ?", [name]);
  for (const row of versions) {
    await deleteTags(sql, {
      entity: "prompt_version",
      owner: versionOwner(name, number(row, "version")),
    });
  }
  await sql.run("DELETE FROM prompt_versions WHERE name = ?", [name]);
  await sql.run("DELETE FROM prompt_aliases WHERE name = ?", [name]);
  await deleteTags(sql, { entity: "prompt", owner: name });
}

async function listVersions(
  sql: SqlConnection,
  { name, limit, pageToken }: { name: string; limit: number; pageToken?: string },
): Promise<Page<PromptVersion>> {
  const after: readonly SqlValue[] =
    pageToken === undefined ? [] : decodePageToken(pageToken, { shape: "versions", length: 1 });
  const rows = await sql.all(
    `SELECT * FROM prompt_versions WHERE name = ?${after.length > 0 ? " AND version < ?" : ""}
     ORDER BY version DESC LIMIT ?`,
    [name, ...after, limit + 1],
  );
  const items = await loadVersions(sql, rows.slice(0, limit));
  const last = items.at(-1);
  return rows.length <= limit || last === undefined
    ? { items }
    : { items, nextPageToken: encodePageToken("versions", [last.version]) };
}

interface StoredAlias {
  readonly name: string;
  readonly alias: string;
  readonly arms: readonly PromptArm[];
}

async function loadAliases(
  sql: SqlConnection,
  names: readonly string[],
): Promise<readonly StoredAlias[]> {
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

async function loadEntries(sql: SqlConnection, rows: readonly Row[]): Promise<PromptEntry[]> {
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

async function loadVersions(sql: SqlConnection, rows: readonly Row[]): Promise<PromptVersion[]> {
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

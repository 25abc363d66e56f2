import type { Page, PromptArm, PromptVersion } from "@rivulet/domain";
import { RivuletError } from "@rivulet/domain";
import type {
  ModelVersionKey,
  NewPromptVersion,
  PromptAliasWrite,
  PromptStore,
} from "../port/store.ts";
import type { Database, Insert, Sql, SqlValue } from "./database.ts";
import { decodePageToken, encodePageToken } from "./page-token.ts";
import { getPrompt, getVersion, loadEntries, loadVersions } from "./prompt-rows.ts";
import { noAlias, noName, noVersion } from "./registry-errors.ts";
import { searchRows } from "./search.ts";
import { type SearchTable, tagLookup } from "./search-table.ts";
import { deleteTags, patchTags, versionOwner } from "./tags.ts";
import { number, orNull, placeholders, text, toMicros } from "./values.ts";

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
export function promptStore(database: Database): PromptStore {
  return { ...prompts(database), ...versions(database), ...aliases(database) };
}

function prompts(database: Database): Pick<PromptStore, "get" | "update" | "delete" | "search"> {
  return {
    get: (name) => database.snapshot((sql) => getPrompt(sql, name)),
    update: (patch) =>
      database.transaction(async (sql) => {
        const updated = await sql.run(
          "UPDATE prompts SET description = COALESCE(?, description), updated_us = ? WHERE name = ?",
          [orNull(patch.description), toMicros(patch.updatedAt), patch.name],
        );
        if (updated === 0) throw noName("prompt", patch.name);
        await patchTags(sql, { entity: "prompt", owner: patch.name }, patch);
        const prompt = await getPrompt(sql, patch.name);
        if (prompt === undefined) throw noName("prompt", patch.name);
        return prompt;
      }),
    delete: (name) => database.transaction((sql) => deletePrompt(sql, name)),
    search: (query) =>
      database.snapshot(async (sql) => {
        const { items, ...rest } = await searchRows(sql, { table, query });
        return { items: await loadEntries(sql, items), ...rest };
      }),
  };
}

function versions(
  database: Database,
): Pick<PromptStore, "addVersion" | "getVersion" | "listVersions"> {
  return {
    addVersion: (version) =>
      database.transaction(async (sql) => {
        const { name } = version;
        const next = await latestOrNext(sql, version);
        const aliases = [...new Set(version.setAliases)];
        const arms = canonicalArms([{ version: next, weight: 1 }]);
        await sql.insert(
          INSERT_ALIAS,
          aliases.map((alias) => [name, alias, arms]),
        );
        return requireVersion(sql, { name, version: next });
      }),
    getVersion: (key) => database.snapshot((sql) => getVersion(sql, key)),
    listVersions: (query) => database.snapshot((sql) => listVersions(sql, query)),
  };
}

function aliases(database: Database): Pick<PromptStore, "setAlias" | "deleteAlias"> {
  const touch = (sql: Sql, name: string, updatedAt: number): Promise<number> =>
    sql.run("UPDATE prompts SET updated_us = ? WHERE name = ?", [toMicros(updatedAt), name]);
  return {
    setAlias: (write) =>
      database.transaction(async (sql) => {
        const { name, alias, arms, updatedAt } = write;
        // Whoever moves aliases of a prompt has its row first.
        await touch(sql, name, updatedAt);
        await requireVersions(sql, name, arms);
        await refuseMoved(sql, write);
        await sql.insert(INSERT_ALIAS, [[name, alias, canonicalArms(arms)]]);
      }),
    deleteAlias: ({ name, alias, updatedAt }) =>
      database.transaction(async (sql) => {
        await touch(sql, name, updatedAt);
        const deleted = await sql.run("DELETE FROM prompt_aliases WHERE name = ? AND alias = ?", [
          name,
          alias,
        ]);
        if (deleted === 0) throw noAlias("Prompt", name, alias);
      }),
  };
}

async function requireVersion(sql: Sql, key: ModelVersionKey): Promise<PromptVersion> {
  const version = await getVersion(sql, key);
  if (version === undefined) throw noVersion("prompt", key);
  return version;
}

async function requireVersions(sql: Sql, name: string, arms: readonly PromptArm[]): Promise<void> {
  const rows = await sql.all(
    `SELECT version FROM prompt_versions WHERE name = ? AND version IN (${placeholders(arms)})`,
    [name, ...arms.map(({ version }) => version)],
  );
  const known = new Set(rows.map((row) => number(row, "version")));
  const missing = arms.find(({ version }) => !known.has(version));
  if (missing !== undefined) throw noVersion("prompt", { name, version: missing.version });
}

const INSERT_PROMPT: Insert = {
  table: "prompts",
  columns: ["name", "description", "last_version", "created_us", "updated_us"],
  conflict: { key: ["name"], update: [] },
};
const INSERT_VERSION: Insert = {
  table: "prompt_versions",
  columns: [
    "name",
    "version",
    "id",
    "type",
    "template",
    "variables",
    "config",
    "commit_message",
    "created_us",
    "content_hash",
  ],
};
const INSERT_ALIAS: Insert = {
  table: "prompt_aliases",
  columns: ["name", "alias", "arms"],
  conflict: { key: ["name", "alias"], update: ["arms"] },
};

/** The number of the latest version when it has the same content, else of a new one. */
async function latestOrNext(sql: Sql, version: NewPromptVersion): Promise<number> {
  const { name } = version;
  const createdAt = toMicros(version.createdAt);
  await sql.insert(INSERT_PROMPT, [[name, version.description ?? "", 0, createdAt, createdAt]]);
  // The row is locked before the latest version is looked at: two that add the same content add it once.
  await sql.all(`SELECT 1 FROM prompts WHERE name = ? ${sql.dialect.forUpdate}`, [name]);
  const [latest] = await sql.all(
    "SELECT version, content_hash FROM prompt_versions WHERE name = ? ORDER BY version DESC LIMIT 1",
    [name],
  );
  if (latest !== undefined && text(latest, "content_hash") === version.contentHash) {
    return number(latest, "version");
  }
  return insertVersion(sql, version);
}

async function insertVersion(sql: Sql, version: NewPromptVersion): Promise<number> {
  const { name } = version;
  const createdAt = toMicros(version.createdAt);
  await sql.run(
    "UPDATE prompts SET last_version = last_version + 1, updated_us = ? WHERE name = ?",
    [createdAt, name],
  );
  const [entry = {}] = await sql.all("SELECT last_version FROM prompts WHERE name = ?", [name]);
  const next = number(entry, "last_version");
  const id = versionOwner(name, next);
  await sql.insert(INSERT_VERSION, [
    [
      name,
      next,
      id,
      version.type,
      JSON.stringify(version.template),
      JSON.stringify(version.variables),
      JSON.stringify(version.config),
      version.commitMessage,
      createdAt,
      version.contentHash,
    ],
  ]);
  await patchTags(sql, { entity: "prompt_version", owner: id }, version);
  return next;
}

async function refuseMoved(sql: Sql, { name, alias, expected }: PromptAliasWrite): Promise<void> {
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

async function deletePrompt(sql: Sql, name: string): Promise<void> {
  const deleted = await sql.run("DELETE FROM prompts WHERE name = ?", [name]);
  if (deleted === 0) throw noName("prompt", name);
  const rows = await sql.all("SELECT id FROM prompt_versions WHERE name = ?", [name]);
  await deleteTags(
    sql,
    "prompt_version",
    rows.map((row) => text(row, "id")),
  );
  await sql.run("DELETE FROM prompt_versions WHERE name = ?", [name]);
  await sql.run("DELETE FROM prompt_aliases WHERE name = ?", [name]);
  await deleteTags(sql, "prompt", [name]);
}

async function listVersions(
  sql: Sql,
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

import type { PromptArm } from "@rivulet/domain";
import type { NewPromptVersion, PromptAliasWrite, PromptStore } from "../../port/store.ts";
import type { Database, Insert, Sql } from "../database.ts";
import { movedAlias, noAlias, notFound } from "../kit/entity-errors.ts";
import { readPage } from "../search/read-page.ts";
import { number, placeholders, text } from "../values.ts";
import { promptRows, promptVersionRows } from "./prompt-rows.ts";
import { type PromptNews, queuePrompt } from "./queued-deliveries.ts";
import {
  makeAndHold,
  removeAll,
  takeNumber,
  touch,
  type Versioned,
  versionId,
} from "./versioned.ts";

const registry: Versioned = {
  names: promptRows,
  table: "prompts",
  counter: "latest_version",
  versions: "prompt_versions",
  aliases: "prompt_aliases",
  tagged: "promptVersion",
};

/** Prompts in SQL. */
export function promptStore(database: Database): PromptStore {
  return { ...prompts(database), ...versions(database), ...aliases(database) };
}

function prompts(database: Database): Pick<PromptStore, "get" | "update" | "delete" | "search"> {
  return {
    get: (name) => database.snapshot((sql) => promptRows.find(sql, [name])),
    update: (patch) => database.transaction((sql) => promptRows.patch(sql, [patch.name], patch)),
    delete: (name) =>
      database.transaction(async (sql) => {
        await removeAll(sql, registry, [name]);
        await queuePrompt(sql, name, [{ event: "prompt.deleted" }]);
      }),
    search: (query) => promptRows.search(database, { query }),
  };
}

function versions(
  database: Database,
): Pick<PromptStore, "addVersion" | "getVersion" | "listVersions"> {
  return {
    addVersion: (version) =>
      database.transaction(async (sql) => {
        const { name } = version;
        const [next, news] = await latestOrNext(sql, version);
        const arms = [{ version: next, weight: 1 }];
        const set = [...new Set(version.setAliases)];
        await sql.insert(
          INSERT_ALIAS,
          set.map((alias) => [name, alias, canonicalArms(arms)]),
        );
        const pointed = set.map((alias): PromptNews => {
          return { event: "prompt_alias.created", alias, arms };
        });
        await queuePrompt(sql, name, [...news, ...pointed]);
        return promptVersionRows.get(sql, [name, next]);
      }),
    getVersion: ({ name, version }) =>
      database.snapshot((sql) => promptVersionRows.find(sql, [name, version])),
    listVersions: ({ name, ...page }) =>
      database.snapshot(async (sql) => {
        const { items, ...rest } = await readPage(sql, {
          table: "prompt_versions",
          within: { sql: "name = ?", values: [name] },
          order: ["version"],
          descending: true,
          page,
          read: (row) => row,
        });
        return { items: await promptVersionRows.load(sql, items), ...rest };
      }),
  };
}

function aliases(database: Database): Pick<PromptStore, "setAlias" | "deleteAlias"> {
  return {
    setAlias: (write) =>
      database.transaction(async (sql) => {
        const { name, alias, arms, updatedAt } = write;
        // Every move of a prompt's aliases locks the prompt's row first.
        await touch(sql, registry, { name, at: updatedAt, version: arms[0]?.version });
        await requireVersions(sql, name, arms);
        await refuseMoved(sql, write);
        await sql.insert(INSERT_ALIAS, [[name, alias, canonicalArms(arms)]]);
        await queuePrompt(sql, name, [{ event: "prompt_alias.created", alias, arms }]);
      }),
    deleteAlias: ({ name, alias, updatedAt }) =>
      database.transaction(async (sql) => {
        await touch(sql, registry, { name, at: updatedAt });
        const deleted = await sql.run("DELETE FROM prompt_aliases WHERE name = ? AND alias = ?", [
          name,
          alias,
        ]);
        if (deleted === 0) throw noAlias("prompt", name, alias);
        await queuePrompt(sql, name, [{ event: "prompt_alias.deleted", alias }]);
      }),
  };
}

async function requireVersions(sql: Sql, name: string, arms: readonly PromptArm[]): Promise<void> {
  const rows = await sql.all(
    `SELECT version FROM prompt_versions WHERE name = ? AND version IN (${placeholders(arms)})`,
    [name, ...arms.map(({ version }) => version)],
  );
  const known = new Set(rows.map((row) => number(row, "version")));
  const missing = arms.find(({ version }) => !known.has(version));
  if (missing === undefined) return;
  throw notFound("prompt", ["name", "version"], [name, missing.version]);
}

const INSERT_ALIAS: Insert = {
  table: "prompt_aliases",
  columns: ["name", "alias", "arms"],
  conflict: { key: ["name", "alias"], update: ["arms"] },
};

/** The number of the latest version if it has the same content, else a new one; and what is new. */
async function latestOrNext(
  sql: Sql,
  version: NewPromptVersion,
): Promise<readonly [number, readonly PromptNews[]]> {
  const { name, description = "", createdAt } = version;
  const entry = { name, description, createdAt, updatedAt: createdAt, latestVersion: 0 };
  // The row is locked before the latest version is read, so that adding the same content twice at once adds it once.
  await makeAndHold(sql, registry, entry);
  const [latest] = await sql.all(
    "SELECT version, content_hash FROM prompt_versions WHERE name = ? ORDER BY version DESC LIMIT 1",
    [name],
  );
  if (latest !== undefined && text(latest, "content_hash") === version.contentHash) {
    return [number(latest, "version"), []];
  }
  const next = await takeNumber(sql, registry, { name, at: createdAt });
  await promptVersionRows.create(sql, { ...version, version: next, id: versionId(name, next) });
  const added = { event: "prompt_version.created", version: next } as const;
  return [next, next === 1 ? [{ event: "prompt.created" }, added] : [added]];
}

async function refuseMoved(sql: Sql, { name, alias, expected }: PromptAliasWrite): Promise<void> {
  if (expected === undefined) return;
  const [row] = await sql.all("SELECT arms FROM prompt_aliases WHERE name = ? AND alias = ?", [
    name,
    alias,
  ]);
  const current = row === undefined ? null : text(row, "arms");
  if (current === (expected === null ? null : canonicalArms(expected))) return;
  throw movedAlias("prompt", name, alias);
}

function canonicalArms(arms: readonly PromptArm[]): string {
  return JSON.stringify(arms.map(({ version, weight }) => ({ version, weight })));
}

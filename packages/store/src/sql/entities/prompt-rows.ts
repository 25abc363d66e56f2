import type { PromptArm, PromptEntry, PromptVersion } from "@rivulet/domain";
import { ENTITIES } from "@rivulet/domain/entities";
import type { Row, Sql } from "../database.ts";
import { type EntityRows, entityRows } from "../kit/entity-rows.ts";
import { number, parsed, placeholders, text } from "../values.ts";

/** Prompts with their aliases. */
export const promptRows: EntityRows<PromptEntry> = entityRows(ENTITIES.prompt, {
  async load(sql, rows) {
    const aliases = await loadAliases(
      sql,
      rows.map((row) => text(row, "name")),
    );
    return (row) => {
      const own = aliases.filter(({ name }) => name === text(row, "name"));
      return { aliases: Object.fromEntries(own.map(({ alias, arms }) => [alias, arms])) };
    };
  },
});

/** Prompt versions with the aliases that have an arm on them. */
export const promptVersionRows: EntityRows<PromptVersion> = entityRows(ENTITIES.promptVersion, {
  async load(sql, rows) {
    const aliases = await loadAliases(sql, [...new Set(rows.map((row) => text(row, "name")))]);
    return (row: Row) => {
      const version = number(row, "version");
      const own = aliases.filter(
        ({ name, arms }) =>
          name === text(row, "name") && arms.some((arm) => arm.version === version),
      );
      return { aliases: own.map(({ alias }) => alias) };
    };
  },
});

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

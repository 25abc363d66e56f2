import type { Page, StringMap } from "@rivulet/domain";
import type { Entity } from "@rivulet/domain/entities";
import type { Database, Row, Sql } from "../database.ts";
import { type Search, searchPage } from "../search/search.ts";
import { deleteTags, loadTags, patchTags, type TagOwner } from "../tags.ts";
import { placeholders, text } from "../values.ts";
import { columnOf } from "./declared-table.ts";
import { notFound, taken } from "./entity-errors.ts";
import { type Expecting, requireUpdatedAt } from "./expected.ts";
import { type RecordRows, recordRows } from "./record-rows.ts";

/**
 * The operations that every entity has, from its declaration. Those that take an `Sql` run inside a transaction or
 * snapshot.
 */
export interface EntityRows<T> extends RecordRows<T> {
  /** What messages call a record. */
  readonly noun: string;
  /** Adds a record. @throws RivuletError `already_exists` */
  create(sql: Sql, record: object): Promise<void>;
  /** Finds a record. `lock` is the dialect's `forUpdate` or `forShare`. */
  find(sql: Sql, key: Key, lock?: string): Promise<T | undefined>;
  /** Finds those of some records that exist, in no order, by the first field of their key. */
  findMany(sql: Sql, ids: readonly string[]): Promise<T[]>;
  /** Gets a record. @throws RivuletError `not_found` */
  get(sql: Sql, key: Key, lock?: string): Promise<T>;
  /** Gets the row and locks it until the transaction ends. @throws RivuletError `not_found` */
  hold(sql: Sql, key: Key): Promise<Row>;
  /**
   * Changes the fields of the patch, tags included. @throws RivuletError `not_found`; `conflict` when the `updatedAt` is
   * not the `expected` one of the patch
   */
  patch(sql: Sql, key: Key, patch: object): Promise<T>;
  /** Deletes a record with its tags. @throws RivuletError `not_found` */
  remove(sql: Sql, key: Key): Promise<void>;
  /** Finds a page; needs no transaction. */
  search(database: Database, search: Omit<Search, "entity">): Promise<Page<T>>;
  /** Loads rows as whole records. */
  load(sql: Sql, rows: readonly Row[]): Promise<T[]>;
}

/** The values of an entity's key. */
export type Key = readonly (string | number)[];

/** Parts of records besides their columns and tags. */
export interface Completion<T> {
  /** Loads them for many rows at once; `undefined` is absent. */
  load?(sql: Sql, rows: readonly Row[]): Promise<(row: Row) => Readonly<Record<string, unknown>>>;
  /** Assembles a record from its columns and the other parts. */
  shape?(fields: Readonly<Record<string, unknown>>): T;
}

/** The rows of an entity. */
export function entityRows<T>(entity: Entity, completion: Completion<T> = {}): EntityRows<T> {
  const { load: loadRest, shape = (fields) => fields as T } = completion;
  const rows = recordRows<object>(entity);
  const noun = nounOf(entity);
  const where = entity.key.map((field) => `${columnOf(entity, field)} = ?`).join(" AND ");
  const select = `SELECT * FROM ${entity.table} WHERE ${where}`;

  const load = async (sql: Sql, found: readonly Row[]): Promise<T[]> => {
    const tags = await loadOwnTags(sql, entity, found);
    const rest = await loadRest?.(sql, found);
    return found.map((row) =>
      shape({ ...rows.record(row), ...tags(row), ...withoutGaps(rest?.(row)) }),
    );
  };
  const find = async (sql: Sql, key: Key, lock = ""): Promise<T | undefined> =>
    (await load(sql, await sql.all(`${select} ${lock}`, key)))[0];
  const get = async (sql: Sql, key: Key, lock?: string): Promise<T> => {
    const record = await find(sql, key, lock);
    if (record === undefined) throw notFound(noun, entity.key, key);
    return record;
  };
  /** Gets the row and locks it until the transaction ends. */
  const hold = async (sql: Sql, key: Key): Promise<Row> => {
    const [row] = await sql.all(`${select} ${sql.dialect.forUpdate}`, key);
    if (row === undefined) throw notFound(noun, entity.key, key);
    return row;
  };
  return {
    ...(rows as RecordRows<T>),
    noun,
    load,
    find,
    findMany: async (sql, ids) =>
      ids.length === 0 ? [] : load(sql, await sql.all(selectMany(entity, ids), ids)),
    get,
    hold,
    async create(sql, record) {
      if ((await sql.insert(rows.keep, [rows.values(record)])) === 0) {
        throw taken(noun, entity.key, record as Readonly<Record<string, unknown>>);
      }
      const row = rows.columns(record);
      if (entity.tagged !== undefined) await patchTags(sql, tagOwner(entity, row), record);
    },
    async patch(sql, key, patch) {
      const row = await hold(sql, key);
      requireUpdatedAt(row, `The ${noun} "${key.join("/")}"`, patch as Expecting);
      await rows.update(sql, key, patch);
      if (entity.tagged !== undefined) await patchTags(sql, tagOwner(entity, row), patch);
      return get(sql, key);
    },
    async remove(sql, key) {
      const row = await hold(sql, key);
      await sql.run(`DELETE FROM ${entity.table} WHERE ${where}`, key);
      if (entity.tagged === undefined) return;
      const { entity: kind, owner } = tagOwner(entity, row);
      await deleteTags(sql, kind, [owner]);
    },
    search: (database, search) => searchPage(database, { entity, ...search }, load),
  };
}

/** A query for the rows with one of these ids, which are the first field of the key. */
function selectMany(entity: Entity, ids: readonly string[]): string {
  const field = columnOf(entity, entity.key[0] ?? "");
  return `SELECT * FROM ${entity.table} WHERE ${field} IN (${placeholders(ids)})`;
}

/** What messages call a record. */
function nounOf({ name }: Entity): string {
  return name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

/** The owner of a row's tags. */
function tagOwner(entity: Entity, row: Row): TagOwner {
  return { entity: entity.name, owner: text(row, columnOf(entity, entity.tagged ?? "")) };
}

async function loadOwnTags(
  sql: Sql,
  entity: Entity,
  rows: readonly Row[],
): Promise<(row: Row) => { readonly tags?: StringMap }> {
  if (entity.tagged === undefined) return () => ({});
  const column = columnOf(entity, entity.tagged);
  const ownerOf = (row: Row): string => text(row, column);
  const tags = await loadTags(sql, entity.name, rows.map(ownerOf));
  return (row) => ({ tags: tags.get(ownerOf(row)) ?? {} });
}

function withoutGaps(record: object = {}): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined));
}

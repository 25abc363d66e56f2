import assert from "node:assert/strict";
import type { FilterClause, OrderTerm, Page } from "@rivulet/domain";
import type { BaseColumnType, Entity } from "@rivulet/domain/entities";
import type { Store, StoreQuery } from "../port/store.ts";
import { BUILT_AT } from "./builders.ts";
import {
  attribute,
  type ContractCase,
  contractGroup,
  EVERYTHING,
  readPages,
} from "./contract-case.ts";
import type { Room } from "./room.ts";

/** An entity, and how the port accesses it. */
export interface EntitySubject<T extends object> {
  /** The declaration that the rules follow from. */
  readonly entity: Entity;
  /**
   * Fields that cannot be made up from the declaration, because they have no column or refer to another record. The
   * number is 1 to 5.
   */
  rest(room: Room, number: number): { readonly [K in keyof T]?: T[K] | undefined };
  /** Writes a record and whatever it refers to. */
  add(store: Store, record: T): Promise<unknown>;
  /** The record with the key of this one. */
  get(store: Store, record: T): Promise<T | undefined>;
  /** Searches the room. */
  search(store: Store, room: Room, query: StoreQuery): Promise<Page<T>>;
}

const NUMBERS = [1, 2, 3, 4, 5];

/** The rules that follow from an entity's declaration. */
export function entityRules<T extends object>(
  about: string,
  subject: EntitySubject<T>,
): readonly ContractCase[] {
  const { entity } = subject;
  const fields = [...entity.searched, ...Object.keys(entity.intervals ?? {})];
  return contractGroup(about, {
    "come out as they went in, by each field that is declared": async (store, room) => {
      const records = await fill(store, room, subject);
      for (const record of records) {
        assert.deepEqual(await subject.get(store, record), record);
      }
      const other = madeUp(subject, room, 9);
      assert.equal(await subject.get(store, other), undefined);
    },
    "are found by each field that can be searched": async (store, room) => {
      const records = await fill(store, room, subject);
      const find = async (clause: FilterClause): Promise<readonly unknown[]> =>
        keysOf(
          entity,
          (await subject.search(store, room, { ...EVERYTHING, where: [clause] })).items,
        );
      for (const field of fields) {
        for (const clause of clausesFor(field, records)) {
          const expected = records.filter((record) => holds(clause, valueIn(record, field)));
          const found = await find(clause);
          const text = `${field} ${clause.operator} ${clause.value}`;
          assert.deepEqual(new Set(found), new Set(keysOf(entity, expected)), text);
          assert.equal(found.length, expected.length, text);
        }
      }
    },
    "are sorted by each field that can be searched, page by page": async (store, room) => {
      const records = await fill(store, room, subject);
      for (const field of fields) {
        for (const descending of [false, true]) {
          const order: readonly OrderTerm[] = [{ field: attribute(field), descending }];
          const found = await readPages(
            (page) => subject.search(store, room, { ...EVERYTHING, order, ...page }),
            2,
          );
          const text = `${field} ${descending ? "backwards" : "forwards"}`;
          const values = found.map((record) => valueIn(record, field));
          assert.deepEqual(values, sorted(records, field, descending), text);
          assert.deepEqual(new Set(keysOf(entity, found)), new Set(keysOf(entity, records)), text);
        }
      }
    },
  });
}

async function fill<T extends object>(
  store: Store,
  room: Room,
  subject: EntitySubject<T>,
): Promise<readonly T[]> {
  const records = NUMBERS.map((number) => madeUp(subject, room, number));
  for (const record of records) await subject.add(store, record);
  return records;
}

/** A record whose columns are made up; some of what may be absent is. */
function madeUp<T extends object>(
  { entity, rest }: EntitySubject<T>,
  room: Room,
  number: number,
): T {
  const columns = Object.entries(entity.columns).flatMap(([field, type]) => {
    const base = type.replace("?", "") as BaseColumnType;
    const isAbsent = type.endsWith("?") && number % 2 === 0;
    return isAbsent ? [] : [[field, VALUES[base](field, number)]];
  });
  const record = { ...Object.fromEntries(columns), ...rest(room, number) };
  const known = Object.entries(record).filter(([, value]) => value !== undefined);
  return Object.fromEntries(known) as T;
}

const VALUES: Readonly<Record<BaseColumnType, (field: string, number: number) => unknown>> = {
  text: (field, number) => `${field} ${number} é'"%_`,
  integer: (_, number) => number * 7,
  real: (_, number) => number / 8,
  time: (_, number) => BUILT_AT + number + 0.125,
  duration: (_, number) => number + 0.25,
  json: (field, number) => ({ [field]: [number, null] }),
};

function valueIn(record: object, field: string): string | number | undefined {
  const { startTime, endTime, ...fields } = record as Readonly<
    Record<string, string | number | undefined>
  >;
  if (field !== "durationMs" || Object.hasOwn(fields, field))
    return { ...fields, startTime, endTime }[field];
  // The time between the two, where the record itself does not say it.
  return endTime === undefined ? undefined : Number(endTime) - Number(startTime);
}

function keysOf(entity: Entity, records: readonly object[]): readonly string[] {
  return records.map((record) => JSON.stringify(entity.key.map((field) => valueIn(record, field))));
}

/** Each operator that suits the field's values, with a value that some records have. */
function clausesFor(field: string, records: readonly object[]): readonly FilterClause[] {
  const own = attribute(field);
  const value = records
    .map((record) => valueIn(record, field))
    .find((known) => known !== undefined);
  const missing: readonly FilterClause[] = [
    { field: own, operator: "IS NULL" },
    { field: own, operator: "IS NOT NULL" },
  ];
  if (value === undefined) return missing;
  const compared = typeof value === "number" ? ([">", "<=", "<"] as const) : ([] as const);
  return [
    ...missing,
    ...(["=", "!=", ...compared] as const).map((operator) => ({ field: own, operator, value })),
    { field: own, operator: "IN", value: [value] },
  ];
}

/** What a clause says of a value; nothing but IS NULL is true of a missing one. */
function holds({ operator, value }: FilterClause, own: string | number | undefined): boolean {
  if (own === undefined) return operator === "IS NULL";
  const [wanted] = [value].flat() as readonly (string | number)[];
  switch (operator) {
    case "IS NULL":
      return false;
    case "IS NOT NULL":
      return true;
    case "!=":
      return own !== wanted;
    case ">":
      return own > (wanted ?? own);
    case "<":
      return own < (wanted ?? own);
    case "<=":
      return own <= (wanted ?? own);
    default:
      return own === wanted;
  }
}

/** The values of a field in order; missing ones come last, whichever way it runs. */
function sorted(
  records: readonly object[],
  field: string,
  descending: boolean,
): readonly (string | number | undefined)[] {
  const values = records.map((record) => valueIn(record, field));
  const known = values.filter((value) => value !== undefined);
  known.sort((a, b) => (a === b ? 0 : a < b ? -1 : 1));
  if (descending) known.reverse();
  return [...known, ...values.filter((value) => value === undefined)];
}

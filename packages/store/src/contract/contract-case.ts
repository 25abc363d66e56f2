import assert from "node:assert/strict";
import type {
  ErrorCode,
  FilterClause,
  FilterField,
  FilterOperator,
  OrderTerm,
  Page,
} from "@rivulet/domain";
import { RivuletError } from "@rivulet/domain";
import type { Store, StoreQuery } from "../port/store.ts";
import { openRoom, type Room } from "./room.ts";

/** One rule of the port. */
export interface ContractCase {
  /** A sentence about the store. */
  readonly name: string;
  /**
   * Whether the rule is tried on a store that is new and that nothing else uses: it is about the store as
   * a whole, such as its counters or its closing. All other rules share one store.
   */
  readonly fresh: boolean;
  /** Throws when the store breaks the rule. */
  readonly run: (store: Store) => Promise<void>;
}

/** A rule that is tried in a room of its own, in a store that others use at the same time. */
export type RoomRule = (store: Store, room: Room) => Promise<void>;

/** Names a group's rules after what they are about. They share a store. */
export function contractGroup(
  about: string,
  rules: Readonly<Record<string, RoomRule>>,
): readonly ContractCase[] {
  return Object.entries(rules).map(([rule, run]) => ({
    name: `${about}: ${rule}`,
    fresh: false,
    run: async (store) => run(store, await openRoom(store)),
  }));
}

/** Like {@link contractGroup}, for the few rules that need a store each. */
export function freshStoreGroup(
  about: string,
  rules: Readonly<Record<string, ContractCase["run"]>>,
): readonly ContractCase[] {
  return Object.entries(rules).map(([rule, run]) => ({
    name: `${about}: ${rule}`,
    fresh: true,
    run,
  }));
}

/** Fails unless the work is refused with this code. */
export async function refuses(code: ErrorCode, work: () => Promise<unknown>): Promise<void> {
  const outcome = await work().then(
    () => "nothing was refused",
    (error: unknown) => (error instanceof RivuletError ? error.code : String(error)),
  );
  assert.equal(outcome, code);
}

/** A query for everything. */
export const EVERYTHING: StoreQuery = { where: [], order: [], limit: 100 };

/** A field of the entity itself. */
export function attribute(key: string): FilterField {
  return { kind: "attribute", key };
}

/** A query with one clause. */
export function where(
  field: FilterField,
  operator: FilterOperator,
  value?: NonNullable<FilterClause["value"]>,
): StoreQuery {
  const clause = { field, operator, ...(value === undefined ? {} : { value }) };
  return { ...EVERYTHING, where: [clause] };
}

/** An order of one term. */
export function by(field: FilterField, descending = false): readonly OrderTerm[] {
  return [{ field, descending }];
}

/** Every item of a list, page by page. */
export async function readPages<T>(
  read: (page: { readonly limit: number; readonly pageToken?: string }) => Promise<Page<T>>,
  limit: number,
): Promise<readonly T[]> {
  const items: T[] = [];
  let pageToken: string | undefined;
  for (let pages = 0; pages < 1000; pages += 1) {
    const page = await read({ limit, ...(pageToken === undefined ? {} : { pageToken }) });
    assert.ok(page.items.length <= limit, "a page holds more than its limit");
    assert.ok(pages === 0 || page.items.length > 0, "a page leads to one without items");
    items.push(...page.items);
    if (page.nextPageToken === undefined) return items;
    pageToken = page.nextPageToken;
  }
  throw new assert.AssertionError({ message: "the pages do not end" });
}

import type { Condition, FilterClause, FilterField, OrderTerm } from "@rivulet/domain";
import type { SqlValue, Statement } from "../database.ts";
import { columnOf, orderTerm } from "../kit/declared-table.ts";
import { type Compared, compare, presence } from "./compare.ts";
import { isOwnPattern } from "./patterns.ts";
import type { SearchScope } from "./search-scope.ts";
import { attributeOf, fromKeyed, type KeyedValue, lookupOf } from "./searched-fields.ts";

/** One sort expression; never NULL among the rows of its stage. */
export interface SortKey {
  readonly expression: string;
  readonly values: readonly SqlValue[];
  readonly descending: boolean;
  /** It identifies the row, or is a part of what does. */
  readonly isName?: true;
}

/**
 * Rows that stand together in a list: those with a number, then those with a text, then those that have no
 * value. One after the other, each can be read by an index.
 */
export interface Stage {
  /** The condition for its rows. */
  readonly where: readonly Statement[];
  readonly keys: readonly SortKey[];
  /** A table with one row for each of them, and an index in the right order. */
  readonly through?: {
    readonly table: string;
    /** The condition for rows of that table. */
    readonly where: Statement;
    /** The condition that one belongs to a row of `t`. */
    readonly owned: Statement;
  };
}

/** What defines a list: its content and its order. */
export interface Ordered {
  readonly order: readonly OrderTerm[];
  /** Conditions that hold for everything in it. */
  readonly where: readonly Condition[];
}

/** The stages of a list, in order. The keys of each end with those that make the order total. */
export function stagesOf({ order, where }: Ordered, scope: SearchScope): readonly Stage[] {
  const [first, ...others] = order;
  if (first === undefined) return [ownStage(where, scope)];
  const later = others.flatMap((term) => rankedKeys(term, scope));
  const ties = tieBreakers(scope, { first, last: order.at(-1) ?? first });
  // No index has columns of two tables.
  const isAlone = others.length === 0;
  const clauses = where.filter((condition) => isOf(condition, first.field));
  return stagesOfTerm(first, scope, { isAlone, clauses }).map((stage) => {
    // The rows that a stage is read through know their owner, which breaks ties.
    if (stage.through !== undefined) return stage;
    const chosen = [...stage.keys, ...later].map((key) => asName(key, ties));
    const isNew = (key: SortKey): boolean =>
      chosen.every(({ expression }) => expression !== key.expression);
    return { ...stage, keys: [...chosen, ...ties.filter(isNew)] };
  });
}

/** A key that breaks ties does so even where the order names it. */
function asName(key: SortKey, ties: readonly SortKey[]): SortKey {
  const isName = ties.some(({ expression }) => expression === key.expression);
  return isName ? { ...key, isName } : key;
}

/** Whether a condition is a clause on this field that the database evaluates and that missing values do not fulfil. */
function isOf(condition: Condition, { kind, key }: FilterField): condition is FilterClause {
  if (!("field" in condition) || condition.field.kind !== kind) return false;
  return (
    condition.field.key === key && condition.operator !== "IS NULL" && !isOwnPattern(condition)
  );
}

/** The default order. */
function ownStage(where: readonly Condition[], scope: SearchScope): Stage {
  const { entity } = scope;
  const [lead = ""] = entity.order;
  const field = { kind: "attribute", key: lead.replace(/^-/, "") } as const;
  const keys = entity.order.map((term) => {
    const { column, descending } = orderTerm(entity, term);
    return { expression: `t.${column}`, values: [], descending };
  });
  const clauses = where.filter((condition) => isOf(condition, field));
  return { where: boundsOf(field, clauses, scope), keys };
}

/** Clauses on the sort field, which bound the scan. */
function boundsOf(
  { key }: FilterField,
  clauses: readonly FilterClause[],
  scope: SearchScope,
): readonly Statement[] {
  return clauses.map((clause) => compare({ ...attributeOf(scope.entity, key), clause }, scope));
}

/**
 * The key, which makes an order total; for values that know their owner by another name, that. It runs as the order
 * does, so that one index has both.
 */
function tieBreakers(
  scope: SearchScope,
  { first, last: { descending } }: { readonly first: OrderTerm; readonly last: OrderTerm },
): readonly SortKey[] {
  const of = first.field.kind === "attribute" ? "" : lookupOf(scope, first.field).of;
  const key = scope.entity.key.map((field) => `t.${columnOf(scope.entity, field)}`);
  const names = of === "" ? key : [of];
  return names.map((expression) => ({ expression, values: [], descending, isName: true }));
}

/** How the values of a key are scanned. */
interface Walking {
  /** It is the only sort term, so that an index may cover the whole order. */
  readonly isAlone: boolean;
  /** Clauses on the values: the scan ends where they no longer hold. */
  readonly clauses: readonly FilterClause[];
}

function stagesOfTerm(
  { field, descending }: OrderTerm,
  scope: SearchScope,
  { isAlone, clauses }: Walking,
): readonly Stage[] {
  if (field.kind !== "attribute") {
    const keyed = lookupOf(scope, field);
    const bounds = clauses.map((clause) => compare({ ...keyed.value, clause }, scope));
    const isWalked = isAlone && keyed.isIndexed;
    const parts = { keyed, descending, isWalked, bounds };
    const ranks = ranksOf(keyed.value);
    // No clause is true for a missing value.
    const found = bounds.length === 0 ? ranks : ranks.filter(({ when }) => when !== undefined);
    return found.map((rank, place) =>
      keyedStage(rank, { ...parts, before: found.slice(0, place) }),
    );
  }
  const { expression, nullable } = attributeOf(scope.entity, field.key);
  const bounds = boundsOf(field, clauses, scope);
  const sorted: Stage = { where: bounds, keys: [{ expression, values: [], descending }] };
  if (!nullable) return [sorted];
  const known = { ...sorted, where: [{ sql: `${expression} IS NOT NULL`, values: [] }, ...bounds] };
  if (bounds.length > 0) return [known];
  return [known, { where: [{ sql: `${expression} IS NULL`, values: [] }], keys: [] }];
}

/** Values of one kind: numbers, texts, NaN and the infinities, or none. */
interface Rank {
  /** The condition that a value is of this kind; absent for rows without a value. */
  readonly when?: Statement;
  /** The sort expression; absent where all values are alike. */
  readonly expression?: string;
}

const LARGEST = Number.MAX_VALUE;

function ranksOf(value: Compared): readonly Rank[] {
  if (value.type === "any") {
    const { number, text } = value.expression;
    return [
      { when: { sql: `${number} IS NOT NULL`, values: [] }, expression: number },
      { when: { sql: `${number} IS NULL AND ${text} IS NOT NULL`, values: [] }, expression: text },
      {},
    ];
  }
  const { expression } = value;
  const hasFinite = `${expression} >= ? AND ${expression} <= ?`;
  return [
    { when: { sql: hasFinite, values: [-LARGEST, LARGEST] }, expression },
    { when: { sql: `(${expression} < ? OR ${expression} > ?)`, values: [-LARGEST, LARGEST] } },
    {},
  ];
}

interface KeyedParts {
  readonly keyed: KeyedValue;
  readonly descending: boolean;
  /** Through the index of the values. */
  readonly isWalked: boolean;
  readonly bounds: readonly Statement[];
  /** The ranks of the earlier stages. */
  readonly before: readonly Rank[];
}

function keyedStage({ when, expression }: Rank, parts: KeyedParts): Stage {
  const { keyed, descending, isWalked, bounds, before } = parts;
  const from = fromKeyed(keyed);
  if (when === undefined) {
    const isThere = `EXISTS (SELECT 1 ${from.sql} AND ${presence(keyed.value)} IS NOT NULL)`;
    return { where: [{ sql: `NOT ${isThere}`, values: from.values }], keys: [] };
  }
  const values = [...from.values, ...when.values];
  if (isWalked) {
    const bounded = [...bounds, when].map(({ sql }) => `(${sql})`).join(" AND ");
    const owner = { expression: keyed.owner, values: [], descending, isName: true } as const;
    return {
      where: [],
      keys: expression === undefined ? [owner] : [{ expression, values: [], descending }, owner],
      through: {
        table: keyed.table,
        where: {
          sql: `${keyed.keyed.sql} AND ${bounded}`,
          values: [keyed.keyed, ...bounds, when].flatMap((part) => part.values),
        },
        owned: { sql: keyed.owned, values: [] },
      },
    };
  }
  // If there are several values, the first one determines the row's only place.
  const others = keyed.isMany ? before.flatMap((rank) => rank.when ?? []) : [];
  const where = [
    isAny(from, when),
    ...others.map((other) => {
      const { sql, values: bound } = isAny(from, other);
      return { sql: `NOT ${sql}`, values: bound };
    }),
  ];
  if (expression === undefined) return { where, keys: [] };
  // Several assessments may have one name: one of them counts.
  const sorted = `(SELECT ${descending ? "MAX" : "MIN"}(${expression}) ${from.sql} AND ${when.sql})`;
  return { where, keys: [{ expression: sorted, values, descending }] };
}

/** The condition that one of the values is of this kind. */
function isAny(from: Statement, when: Statement): Statement {
  return {
    sql: `EXISTS (SELECT 1 ${from.sql} AND ${when.sql})`,
    values: [...from.values, ...when.values],
  };
}

/** A secondary term: what distinguishes the ranks, then the values of each. */
function rankedKeys(term: OrderTerm, scope: SearchScope): readonly SortKey[] {
  const stages = stagesOfTerm(term, scope, { isAlone: false, clauses: [] });
  if (stages.length === 1) return stages[0]?.keys ?? [];
  const cases = stages.slice(0, -1).map(({ where }) => where.map(({ sql }) => sql).join(" AND "));
  const values = stages.slice(0, -1).flatMap(({ where }) => where.flatMap((part) => part.values));
  const rank = cases.map((sql, index) => `WHEN ${sql} THEN ${index}`).join(" ");
  return [
    { expression: `CASE ${rank} ELSE ${cases.length} END`, values, descending: false },
    ...stages.flatMap(({ keys }) => keys),
  ];
}

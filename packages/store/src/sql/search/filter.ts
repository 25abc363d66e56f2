import type { Condition, FilterClause } from "@rivulet/domain";
import type { Row, SqlValue, Statement } from "../database.ts";
import { compileClause } from "./clause.ts";
import { presence } from "./compare.ts";
import { isOwnPattern, patternTest } from "./patterns.ts";
import type { SearchScope } from "./search-scope.ts";
import { attributeOf, fromKeyed, lookupOf } from "./searched-fields.ts";
import { listIn } from "./text-list.ts";
import { contentValues, mayHaveWords, spanValue } from "./trace-filter.ts";

/** A filter, split into what the database evaluates and what it cannot. */
export interface CompiledFilter {
  /** Conditions over `t`. They hold for all matches, and possibly for more rows. */
  readonly conditions: readonly Statement[];
  /** Operands of {@link check}: expressions over `t`, selected as `check_0`, `check_1` … */
  readonly checked: readonly Statement[];
  /** Whether a row matches the filter. */
  check(row: Row): boolean;
}

/**
 * @param known conditions that are answered already, as far as the database can
 * @throws RivuletError `invalid_argument`, as for its clauses
 */
export async function compileFilter(
  where: readonly Condition[],
  scope: SearchScope,
  known: ReadonlyMap<Condition, Statement>,
): Promise<CompiledFilter> {
  const conditions = where.map(
    (condition) => known.get(condition) ?? compileCondition(condition, { scope, isWanted: true }),
  );
  const checks: Check[] = [];
  const checked: Statement[] = [];
  for (const condition of where.filter(hasOwnPattern)) {
    checks.push(await checkOf(condition, { scope, checked }));
  }
  return { conditions, checked, check: (row) => checks.every((holds) => holds(row)) };
}

interface Compiling {
  readonly scope: SearchScope;
  /** Whether matches must fulfil the condition; under a NOT they must not. */
  readonly isWanted: boolean;
}

/** A condition over `t`; patterns that our own code checks accept all rows. */
function compileCondition(condition: Condition, { scope, isWanted }: Compiling): Statement {
  if ("field" in condition) {
    if (!isOwnPattern(condition)) return compileClause(condition, scope);
    if (!isWanted) return { sql: "1 = 0", values: [] };
    return condition.operator === "MATCH"
      ? mayHaveWords(String(condition.value), scope)
      : { sql: "1 = 1", values: [] };
  }
  if ("not" in condition) {
    const { sql, values } = compileCondition(condition.not, { scope, isWanted: !isWanted });
    // Unknown counts as false, so NOT finds everything that its condition does not.
    return { sql: `(${sql}) IS NOT TRUE`, values };
  }
  const [list, word, none] =
    "all" in condition ? [condition.all, "AND", "1 = 1"] : [condition.any, "OR", "1 = 0"];
  const parts = list.map((part) => compileCondition(part, { scope, isWanted }));
  return {
    sql: parts.length === 0 ? none : parts.map(({ sql }) => `(${sql})`).join(` ${word} `),
    values: parts.flatMap(({ values }) => values),
  };
}

function hasOwnPattern(condition: Condition): boolean {
  if ("field" in condition) return isOwnPattern(condition);
  if ("not" in condition) return hasOwnPattern(condition.not);
  return ("all" in condition ? condition.all : condition.any).some(hasOwnPattern);
}

type Check = (row: Row) => boolean;

interface Checking {
  readonly scope: SearchScope;
  /** Collects what the check needs of a row. */
  readonly checked: Statement[];
}

async function checkOf(condition: Condition, checking: Checking): Promise<Check> {
  if ("field" in condition) return checkOfClause(condition, checking);
  if ("not" in condition) {
    const holds = await checkOf(condition.not, checking);
    return (row) => !holds(row);
  }
  const isAll = "all" in condition;
  const parts: Check[] = [];
  for (const part of isAll ? condition.all : condition.any)
    parts.push(await checkOf(part, checking));
  return isAll
    ? (row) => parts.every((holds) => holds(row))
    : (row) => parts.some((holds) => holds(row));
}

async function checkOfClause(clause: FilterClause, checking: Checking): Promise<Check> {
  const { scope, checked } = checking;
  const column = `check_${checked.length}`;
  if (!isOwnPattern(clause)) {
    const { sql, values } = compileClause(clause, scope);
    checked.push({ sql: `CASE WHEN ${sql} THEN 1 ELSE 0 END`, values });
    return (row) => Number(row[column]) === 1;
  }
  const test = await patternTest(clause);
  const { values, isList } = textsOf(clause, scope);
  checked.push(values);
  const read = isList ? listIn : textIn;
  return (row) => test(read(row, column));
}

interface Texts {
  readonly values: Statement;
  /** Whether the texts are a JSON array rather than one text or NULL. */
  readonly isList: boolean;
}

/** The texts tested by a clause. @throws RivuletError `invalid_argument` for a field without texts */
function textsOf({ field }: FilterClause, scope: SearchScope): Texts {
  const { entity, dialect } = scope;
  if (field.kind === "attribute" && field.key !== "text") {
    const { expression } = attributeOf(entity, field.key);
    return { values: { sql: expression, values: [] }, isList: false };
  }
  const { expression, from, values } = sourceOf(field, scope);
  return { values: { sql: dialect.json.list(expression, from), values }, isList: true };
}

interface Source {
  readonly expression: string;
  readonly from: string;
  readonly values: readonly SqlValue[];
}

function sourceOf({ kind, key }: FilterClause["field"], scope: SearchScope): Source {
  if (kind === "attribute" || (kind === "span" && key === "content")) return contentValues;
  if (kind === "span") {
    const { from, value, values } = spanValue(key, scope);
    return { expression: presence(value), from, values };
  }
  const keyed = lookupOf(scope, { kind, key });
  const { sql, values } = fromKeyed(keyed);
  return { expression: presence(keyed.value), from: sql, values };
}

function textIn(row: Row, column: string): readonly string[] {
  const value = row[column] ?? null;
  return value === null ? [] : [String(value)];
}

import type { FilterClause } from "@rivulet/domain";
import type { Sql, Statement } from "../database.ts";
import type { SearchTerm, WordIndex } from "../dialect.ts";
import { number } from "../values.ts";
import { indexedWord } from "../words/word-set.ts";
import { keyColumn } from "./key-column.ts";
import type { RareRows } from "./rare.ts";
import type { SearchScope } from "./search-scope.ts";
import { isLoneCharacter, termsOf } from "./words.ts";

/**
 * Up to so many traces of an index are sorted, or asked for one by one; with more, walking the list comes to those
 * that are wanted soon enough.
 */
const MOST_TRACES = 5_000;
/** Most words that are looked up in an index; the others are checked on its results. */
const MOST_WORDS = 16;
/** A shorter prefix matches so many words that the index becomes slow. */
const SHORTEST_BEGINNING = 3;

/** What an index knows about a `MATCH`. */
export interface FoundWords {
  /** The condition over `t` that holds for all matches and few other rows; `undefined` for common words. */
  readonly condition: Statement | undefined;
  /** Exactly these traces, if they are few. */
  readonly rare: RareRows | undefined;
}

const COMMON: FoundWords = { condition: undefined, rare: undefined };

/**
 * Queries the full-text index. Traces that are not indexed yet are checked in addition; `undefined` where it does not
 * help.
 */
export async function findWords(
  sql: Sql,
  { operator, value }: FilterClause,
  { entity, dialect }: SearchScope,
): Promise<FoundWords | undefined> {
  const words = operator === "MATCH" ? searchTerms(String(value)) : [];
  if (dialect.words === undefined || words.length === 0) return undefined;
  const found = await countUpTo(sql, dialect.words.count(words));
  if (found > MOST_TRACES) return COMMON;
  const unindexed = { sql: "SELECT trace_id FROM unindexed", values: [] };
  const count = found + (await countUpTo(sql, unindexed));
  const { condition, rows } = statementsFor(dialect.words, words, keyColumn(entity));
  return count > MOST_TRACES
    ? { condition, rare: undefined }
    : { condition, rare: { ...rows, count } };
}

function statementsFor(
  index: WordIndex,
  words: readonly SearchTerm[],
  id: string,
): { readonly condition: Statement; readonly rows: Statement } {
  const { sql, values } = index.find(words);
  return {
    condition: {
      sql: `${id} IN (${sql}) OR EXISTS (SELECT 1 FROM unindexed u WHERE u.trace_id = ${id})`,
      values,
    },
    rows: { sql: `${sql} UNION ALL SELECT trace_id AS id FROM unindexed`, values },
  };
}

async function countUpTo(sql: Sql, rows: Statement): Promise<number> {
  const [row = {}] = await sql.all(`SELECT COUNT(*) AS count FROM (${rows.sql} LIMIT ?) found`, [
    ...rows.values,
    MOST_TRACES + 1,
  ]);
  return number(row, "count");
}

/** The longest words of a query that can be looked up in an index. */
function searchTerms(query: string): readonly SearchTerm[] {
  const all = termsOf(query).flatMap(({ words, isPrefix }) =>
    words.map((word, place) => ({
      word: indexedWord(word),
      isPrefix: isPrefix && place === words.length - 1 && !isLoneCharacter(word),
    })),
  );
  const usable = all.filter(({ word, isPrefix }) => !isPrefix || word.length >= SHORTEST_BEGINNING);
  const different = new Map(usable.map((sought) => [`${sought.word} ${sought.isPrefix}`, sought]));
  return [...different.values()].sort((a, b) => b.word.length - a.word.length).slice(0, MOST_WORDS);
}

import type { SearchTerm, Statement, WordIndex } from "@rivulet/store/sql";

/** Lists of words as `tsvector` in its own notation; no text search configuration of the server is involved. */
export const postgresWords: WordIndex = {
  tables: ["trace_words"],
  count: find,
  find,
  create: [
    `CREATE TABLE IF NOT EXISTS trace_words (trace_id TEXT COLLATE "C" PRIMARY KEY, words TSVECTOR NOT NULL)`,
    "CREATE INDEX IF NOT EXISTS trace_words_words ON trace_words USING GIN (words)",
  ],
  async replace(sql, traces) {
    await sql.insert(
      {
        table: "trace_words",
        columns: ["trace_id", "words"],
        conflict: { key: ["trace_id"], update: ["words"] },
      },
      traces.map(({ traceId, words }) => [traceId, [...words].map(quoted).join(" ")]),
    );
  },
  async remove(sql, traceIds) {
    if (traceIds.length === 0) return;
    const list = traceIds.map(() => "?").join(", ");
    await sql.run(`DELETE FROM trace_words WHERE trace_id IN (${list})`, traceIds);
  },
  // The server does so by itself.
  fold: undefined,
};

function find(words: readonly SearchTerm[]): Statement {
  return {
    sql: "SELECT w.trace_id AS id FROM trace_words w WHERE w.words @@ CAST(? AS TSQUERY)",
    values: [words.map(termOf).join(" & ")],
  };
}

function termOf({ word, isPrefix }: SearchTerm): string {
  return isPrefix ? `${quoted(word)}:*` : quoted(word);
}

/** Words contain no quotes and no backslashes. */
function quoted(word: string): string {
  return `'${word}'`;
}

import type { SearchTerm, WordIndex } from "../../sql/dialect.ts";

/** Pages of the index merged in one step: some milliseconds. */
const FOLDED_PAGES = 64;
/** Segments that the index may have before SQLite merges them all at once, which may take seconds. */
const MOST_PIECES = 1_000;

/**
 * FTS5, which keeps nothing but which word is in which trace. To its tokenizer every character beyond ASCII is a
 * letter, so that it splits words at spaces and nowhere else.
 */
export const sqliteWords: WordIndex = {
  tables: ["trace_docs", "trace_words_data", "trace_words_idx", "trace_words_docsize"],
  create: [
    // Rows are identified by an integer there, which VACUUM must not change.
    "CREATE TABLE IF NOT EXISTS trace_docs (doc INTEGER PRIMARY KEY, trace_id TEXT NOT NULL UNIQUE)",
    `CREATE VIRTUAL TABLE IF NOT EXISTS trace_words USING fts5(words, content='', contentless_delete=1,
      detail=none, tokenize="ascii tokenchars '_'")`,
    "INSERT INTO trace_words (trace_words, rank) VALUES ('automerge', 0)",
    `INSERT INTO trace_words (trace_words, rank) VALUES ('crisismerge', ${MOST_PIECES})`,
  ],
  find: (words) => ({
    sql: `SELECT d.trace_id AS id FROM trace_words w CROSS JOIN trace_docs d ON d.doc = w.rowid
      WHERE w.trace_words MATCH ?`,
    values: [expressionOf(words)],
  }),
  count: (words) => ({
    sql: "SELECT w.rowid FROM trace_words w WHERE w.trace_words MATCH ?",
    values: [expressionOf(words)],
  }),
  async replace(sql, traces) {
    for (const { traceId, words } of traces) {
      await sql.run("INSERT INTO trace_docs (trace_id) VALUES (?) ON CONFLICT DO NOTHING", [
        traceId,
      ]);
      await sql.run(
        "INSERT OR REPLACE INTO trace_words (rowid, words) SELECT doc, ? FROM trace_docs WHERE trace_id = ?",
        [[...words].join(" "), traceId],
      );
    }
  },
  async remove(sql, traceIds) {
    for (const traceId of traceIds) {
      await sql.run(
        "DELETE FROM trace_words WHERE rowid = (SELECT doc FROM trace_docs WHERE trace_id = ?)",
        [traceId],
      );
      await sql.run("DELETE FROM trace_docs WHERE trace_id = ?", [traceId]);
    }
  },
  fold: `INSERT INTO trace_words (trace_words, rank) VALUES ('merge', ${FOLDED_PAGES})`,
};

function expressionOf(words: readonly SearchTerm[]): string {
  return words.map(termOf).join(" AND ");
}

/** In quotes nothing is an operator; words contain no quotes. */
function termOf({ word, isPrefix }: SearchTerm): string {
  return isPrefix ? `"${word}" *` : `"${word}"`;
}

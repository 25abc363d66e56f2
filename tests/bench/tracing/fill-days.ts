import { DatabaseSync } from "node:sqlite";

/** A conversation of {@link TURNS} turns. */
export const SESSION_ID = "s7";
/** Days that the traces are spread over. */
export const DAYS = 30;
/** Turns of each session. */
export const TURNS = 30;

/** When the last day begins, in microseconds: at a full hour. */
const LAST_DAY_US = 1_779_998_400_000_000;
const DAY_US = 86_400_000_000;

/**
 * Fills a store that has its tables with the traces of {@link DAYS} days, each a root with a body and previews of usual size. The
 * rows are those that recording makes, written by the database itself.
 *
 * @returns when the last day begins, in milliseconds
 */
export function fillDays(file: string, count: number): number {
  using database = new DatabaseSync(file);
  const fill = (statement: string): void => {
    database
      .prepare(
        `WITH RECURSIVE n(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM n WHERE n < :last) ${statement}`,
      )
      .run({ last: count - 1 });
  };
  const begin = LAST_DAY_US - (DAYS - 1) * DAY_US;
  const start = `${begin} + n * ${Math.floor((DAYS * DAY_US) / count)}`;
  const end = `${start} + 1000 + (n * 7919 % 9973) * 1000`;
  const ids = "printf('%032x', n * 7919 + 1), ";
  const preview = "hex(randomblob(250))";
  database.exec("BEGIN");
  fill(`INSERT INTO traces (id, experiment_id, name, status, start_us, end_us, session_id, user_id, metadata,
      input_preview, output_preview, span_count, error_count, prompts, input_tokens, output_tokens, total_tokens, cost,
      root_id, touched_us, first_span_us, last_span_us)
    SELECT ${ids}'0', 'request', iif(n % 50 = 0, 'error', 'ok'), ${start}, ${end}, 's' || (n / ${TURNS}),
      'u' || (n / 300), '{}', ${preview}, ${preview}, 1, iif(n % 50 = 0, 1, 0), '[]', 100, 50, 150, 0.001,
      printf('%016x', n + 1), ${end}, ${start}, ${start} FROM n`);
  fill(`INSERT INTO spans (trace_id, id, experiment_id, name, type, status, start_us, end_us, body)
    SELECT ${ids}printf('%016x', n + 1), '0', 'request', 'chain', 'ok', ${start}, ${end},
      '{"input":"' || hex(randomblob(500)) || '","output":"' || hex(randomblob(500)) || '"}' FROM n`);
  database.exec("COMMIT; PRAGMA analysis_limit = 400; PRAGMA optimize = 0x10002");
  return LAST_DAY_US / 1_000;
}

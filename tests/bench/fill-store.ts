import { DatabaseSync } from "node:sqlite";

/** The experiment that most is in. */
export const EXPERIMENT_ID = "0";
/** The experiment that one of seven traces is in. */
export const OTHER_ID = "1";
/** Spans of each trace. */
export const SPANS_PER_TRACE = 10;

/** Microseconds between the starts of two traces; the last begins at {@link LAST_US}. */
const STEP_US = 10_000_000;
const LAST_US = 1_780_000_000_000_000;
const WEEK_US = 7 * 86_400 * 1_000_000;
/** When the last week begins, in milliseconds. */
export const WEEK_AGO: number = (LAST_US - WEEK_US) / 1_000;

/**
 * Fills a store that has its tables with traces of ten spans, and as many runs with ten params and ten metrics.
 * The rows are those that recording makes, written by the database itself, which takes seconds instead of minutes.
 */
export function fillStore(file: string, count: number): void {
  using database = new DatabaseSync(file);
  const fill = (statement: string): void => {
    database
      .prepare(`WITH RECURSIVE n(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM n WHERE n < :last),
      ten(i) AS (SELECT value FROM json_each('[0,1,2,3,4,5,6,7,8,9]')) ${statement}`)
      .run({ last: count - 1 });
  };
  const start = `${LAST_US} - (${count - 1} - n) * ${STEP_US}`;
  const experimentId = `iif(n % 7 = 6, '${OTHER_ID}', '${EXPERIMENT_ID}')`;
  const traceId = "printf('%032x', n * 7919 + 1)";
  database.exec("BEGIN");
  fill(`INSERT INTO traces (id, experiment_id, name, status, start_us, end_us, session_id, user_id, metadata,
      input_preview, output_preview, span_count, error_count, prompts, input_tokens, output_tokens, total_tokens,
      root_id, touched_us, first_span_us, last_span_us)
    SELECT ${traceId}, ${experimentId}, 'request', iif(n % 50 = 0, 'error', 'ok'), ${start},
      ${start} + 1000 + (n * 7919 % 9973) * 1000, 's' || (n / 5), 'u' || (n % 1000), '{}', 'What is it?', 'It is.',
      ${SPANS_PER_TRACE}, iif(n % 50 = 0, 1, 0), '[{"name":"p' || (n % 100) || '","version":1}]', 100, 50, 150,
      printf('%016x', n * 10 + 1), ${start}, ${start}, ${start} + 900 FROM n`);
  fill(`INSERT INTO spans (trace_id, id, parent_id, experiment_id, name, type, status, start_us, end_us, model,
      body) SELECT ${traceId}, printf('%016x', n * 10 + i + 1), iif(i = 0, NULL, printf('%016x', n * 10 + 1)),
      ${experimentId}, iif(i = 0, 'request', 'step ' || (i * 100 + n % 100)), iif(i = 3, 'llm', 'chain'), 'ok',
      ${start} + i * 100, ${start} + i * 100 + 50, iif(i = 3, 'model ' || (n % 20), NULL),
      '{"attributes":{"text":"' || hex(randomblob(450)) || ' often' || iif(n % 1000 = 7, ' seldom', '') || '"}}'
    FROM n, ten`);
  fill(`INSERT INTO unindexed (trace_id, noted_us, mark) SELECT ${traceId}, 0, 0 FROM n`);
  fill(
    `INSERT INTO trace_prompts (trace_id, name, version) SELECT ${traceId}, 'p' || (n % 100), 1 FROM n`,
  );
  fill(`INSERT INTO trace_span_types (trace_id, type)
    SELECT ${traceId}, type FROM n, (SELECT 'llm' AS type UNION ALL SELECT 'chain')`);
  fill(`INSERT INTO tags (entity, owner, key, value)
    SELECT 'trace', ${traceId}, key, iif(key = 'team', 't' || (n % 10), 'r' || n)
    FROM n, (SELECT 'team' AS key UNION ALL SELECT 'request')`);
  fill(`INSERT INTO runs (id, experiment_id, name, status, start_us, lifecycle_stage, inner_id)
    SELECT ${traceId}, '${EXPERIMENT_ID}', 'run ' || n, 'finished', ${start}, 'active', n + 1 FROM n`);
  fill(`INSERT INTO run_keys (id, experiment_id, kind, key)
    SELECT iif(kind = 'param', 1, 11) + i, '${EXPERIMENT_ID}', kind, iif(kind = 'param', 'p', 'm') || i
    FROM ten, (SELECT 'param' AS kind UNION ALL SELECT 'metric')`);
  fill(`INSERT INTO params (run, key, value, number)
    SELECT n + 1, 1 + i, '0.' || (n % 50 + 1), CAST('0.' || (n % 50 + 1) AS REAL) FROM n, ten`);
  fill(`INSERT INTO metrics (run, key, value, step, ts_us, min_value, max_value, first_value, first_step, first_us, points)
    SELECT run, key, value, 1, at, value, value, value, 1, at, 1 FROM (SELECT n + 1 AS run, 11 + i AS key,
      (n * 7919 + i * 31) % 10007 / 10007.0 AS value, ${start} AS at FROM n, ten)`);
  database.exec("COMMIT");
}

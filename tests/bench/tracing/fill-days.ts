/** A conversation of {@link TURNS} turns. */
export const SESSION_ID = "s7";
/** Turns of each session. */
export const TURNS = 30;

/** When the last day begins, in microseconds: at a full hour. */
const LAST_DAY_US = 1_779_998_400_000_000;
const DAY_US = 86_400_000_000;

/** When the last day begins, in milliseconds. */
export const LAST_DAY: number = LAST_DAY_US / 1_000;

/** What databases write differently. */
export interface Words {
  /** A number as so many hexadecimal digits. */
  hex(number: string, digits: number): string;
  /** 500 random characters. */
  readonly text: string;
}

/** The words of SQLite. */
export const SQLITE: Words = {
  hex: (number, digits) => `printf('%0${digits}x', ${number})`,
  text: "hex(randomblob(250))",
};

/** The words of PostgreSQL. */
export const POSTGRES: Words = {
  hex: (number, digits) => `lpad(to_hex(${number}), ${digits}, '0')`,
  text: "repeat(md5(random()::text), 15)",
};

/** How many traces, over how many days up to the last one. */
export interface Filling {
  readonly traces: number;
  readonly days: number;
}

/**
 * Statements that fill a store that has its tables with traces, each a root with a body and previews of usual size. The
 * rows are those that recording makes, written by the database itself.
 */
export function fillDays({ traces, days }: Filling, { hex, text }: Words): readonly string[] {
  const numbers = `WITH RECURSIVE n(n) AS (SELECT CAST(0 AS BIGINT) UNION ALL SELECT n + 1 FROM n WHERE n < ${traces - 1})`;
  const begin = LAST_DAY_US - (days - 1) * DAY_US;
  const start = `${begin} + n * ${Math.floor((days * DAY_US) / traces)}`;
  const end = `${start} + 1000 + (n * 7919 % 9973) * 1000`;
  const id = hex("n * 7919 + 1", 32);
  const root = hex("n + 1", 16);
  return [
    `INSERT INTO traces (id, experiment_id, name, status, start_us, end_us, session_id, user_id, metadata,
      input_preview, output_preview, span_count, error_count, prompts, input_tokens, output_tokens, total_tokens, cost,
      root_id, touched_us, first_span_us, last_span_us)
    ${numbers} SELECT ${id}, '0', 'request', CASE WHEN n % 50 = 0 THEN 'error' ELSE 'ok' END, ${start}, ${end},
      's' || (n / ${TURNS}), 'u' || (n / 300), '{}', ${text}, ${text}, 1, CASE WHEN n % 50 = 0 THEN 1 ELSE 0 END, '[]',
      100, 50, 150, 0.001, ${root}, ${end}, ${start}, ${start} FROM n`,
    `INSERT INTO spans (trace_id, id, experiment_id, name, type, status, start_us, end_us, body)
    ${numbers} SELECT ${id}, ${root}, '0', 'request', 'chain', 'ok', ${start}, ${end},
      '{"input":"' || ${text} || ${text} || '","output":"' || ${text} || ${text} || '"}' FROM n`,
    `INSERT INTO stale_rollups (slice_us, experiment_id, writer, noted_us, mark)
    SELECT DISTINCT start_us - start_us % 300000000, '0', '', 0, 0 FROM traces`,
  ];
}

import type { SearchEntity } from "@rivulet/core";
import { parseFilter, RivuletError } from "@rivulet/core";
import { expect, test } from "vitest";

const RUN_FILTERS = [
  "name = 'a'",
  'name != "it\'s b"',
  "name <> 'a'",
  "name == 'a'",
  "run_name > 'a'",
  "attributes.name LIKE '%a_'",
  "name NOT LIKE 'a%'",
  "name LIKE '50!%%' ESCAPE '!' AND name ILIKE '%a\\_b%' escape '\\'",
  "name ILIKE 'A%'",
  "name NOT ILIKE 'A%'",
  "name RLIKE '^a(b|c)+$'",
  "name NOT RLIKE '[0-9]'",
  "name IN ('a', 'b')",
  "name NOT IN ('a')",
  "name BETWEEN 'a' AND 'c'",
  "name NOT BETWEEN 'a' AND 'c'",
  "userId IS NULL",
  "userId IS NOT NULL",
  "status = 'FINISHED'",
  "status IN ('failed', 'KILLED')",
  "status != 'running'",
  "metrics.acc > 0.9",
  "metrics.acc >= -1.5e-3",
  "metrics.acc < +7",
  "metrics.acc <= .5",
  "metrics.`val/acc` = NaN",
  'metrics."val acc" != -Infinity',
  "metrics.acc IN (1, 2.5, -3)",
  "metrics.acc BETWEEN 0 AND 1",
  "metrics.acc IS NOT NULL",
  "params.lr = '0.1'",
  "params.lr < 0.1",
  "params.lr IN (0.1, 'none')",
  "params.flag = true",
  "params.3d = 1",
  "parameters.`a b` LIKE 'x%'",
  "tags.team = 'a'",
  "tags.my.color ILIKE 'BLUE%'",
  "tags.`mlflow.runName` = 'a'",
  "start_time > 1700000000000",
  "startTime >= '2026-01-31'",
  "startTime < '2026-01-31T12:00:00Z'",
  "startTime BETWEEN '2026-01-31 12:00' AND '2026-02-01T00:00:00.5+01:00'",
  "startTime > now()",
  "startTime > now() - 7d",
  "endTime <= NOW() + 15m",
  "name = 'a' AND name = 'b'",
  "name = 'a' OR metrics.acc > 1 AND params.lr = 1",
  "NOT name = 'a'",
  "NOT NOT (name = 'a')",
  "(name = 'a' OR name = 'b') AND NOT (metrics.acc < 1)",
  "((name = 'a'))",
];
const TRACE_FILTERS = [
  "text MATCH 'refund \"not found\" ord*'",
  "text LIKE '%refund%'",
  "span.name = 'step'",
  "span.status = 'ERROR'",
  "span.attributes.`gen_ai.x` = 1",
  "span.attributes.retry = true",
  "prompt = 'greet/2'",
  "prompt NOT IN ('greet', 'bye/1')",
  "feedback.score >= 0.5 OR expectation.answer = 'x'",
  "durationMs > 1000 AND userId = 'ann'",
];
const FILTERS: readonly (readonly [SearchEntity, string])[] = [
  ...RUN_FILTERS.map((filter) => ["run", filter] as const),
  ...TRACE_FILTERS.map((filter) => ["trace", filter] as const),
];

/** What may be typed by mistake. */
const TYPED = [..."'\"`()=<>!,.+-_%; 0aZ\\\n\0", "é", "😀", "\ud800", " AND ", " NOT ", " now()"];

/** The same each time, so that a failure comes again. */
function createRandom(): (below: number) => number {
  let state = 11;
  return (below) => {
    state = (state * 48_271) % 2_147_483_647;
    return state % below;
  };
}

/** The filter without each of its characters, and with something else at each place. */
function* broken(filter: string, random: (below: number) => number): Generator<string> {
  for (let at = 0; at <= filter.length; at += 1) {
    const [before, behind] = [filter.slice(0, at), filter.slice(at)];
    yield before;
    yield before + behind.slice(1);
    for (let count = 0; count < 4; count += 1) {
      const typed = TYPED[random(TYPED.length)] ?? "";
      yield before + typed + behind;
      yield before + typed + behind.slice(1);
    }
  }
}

/** A word, which no letter or digit follows. */
const word = (words: string): RegExp => new RegExp(`^(?:${words})(?![\\p{L}\\p{N}_\\-/:@$])`, "iu");

/** What a message that begins so must not have found at its place. */
const FOUND: readonly (readonly [message: RegExp, place: RegExp])[] = [
  [/^expected a field$/, /^[\p{L}\p{N}_"`]/u],
  [/^expected a number$/, /^[+-]?\s*(?:\d+(?:\.\d*)?|\.\d+)(?![\p{L}\p{N}_])/u],
  [/^expected a number$/, /^[+-]?\s*(?:nan|inf|infinity)(?![\p{L}\p{N}_\-/:@$])/iu],
  [/^expected a number without quotes$/, /^[^'"]/],
  [/^expected (?:a number or )?text in single quotes$/, /^['"]/],
  [/^expected text$/, /^['"]/],
  [/^expected a time: /, word("now|\\d+")],
  [/^expected a duration /, word("\\d{1,6}(?:ms|[smhdw])")],
  [/^expected \(\) behind now$/, /^\(/],
  [/^expected \($/, /^\(/],
  [/^expected \)$/, /^\)/],
  [/^expected , or \)$/, /^[,)]/],
  [/^expected AND or OR$/, word("and|or")],
  [/^expected AND, OR or \)$/, /^\)/],
  [/^expected AND, OR or \)$/, word("and|or")],
  [/^expected AND and the other end$/, word("and")],
  [/^expected NULL or NOT NULL$/, word("null|not\\s+null")],
  [/^expected NULL$/, word("null")],
  [/^[\w.]+ is one of .*: expected one$/, word("'(?:running|failed|killed|finished|error|ok)'")],
  [/^ESCAPE takes one sign that is no /, /^(?:'[^\p{L}\p{N}\s%_']'|"[^\p{L}\p{N}\s%_"]")(?!['"])/u],
  [/^behind the escape . comes %, _ or . itself, and this pattern (?:ends|goes on)/u, /^[^'"]/],
  [/^this quote is not closed$/, /^[^'"`]/],
  [/^unexpected character$/, /^[\p{L}\p{N}\s]/u],
  [/^the (?:key|regular expression) has \d+ characters; \d+ is the most$/, /^$/],
  [/ compares text, and .* is a (?:number|time)$/, /^(?!\w)/],
];

/** Whether a message denies what is there; undefined when it is none of those that say what was expected. */
function denies(problem: string, found: string): boolean | undefined {
  const unknown = /^unknown field "(?<name>.*)"; known are (?<known>.*)$/su.exec(problem);
  if (unknown !== null) {
    const { name = "", known = "" } = unknown.groups ?? {};
    return known.split(", ").includes(name);
  }
  const list =
    /(?:^|: )(?:expected|\S+ is compared with) (?<list>(?:\[NOT\] )?(?:[=!<>]+|[A-Z]{2,}).*)$/u;
  const operators = list.exec(problem)?.groups?.["list"] ?? "";
  if (/=|LIKE|IN\b/.test(operators)) {
    const first = /^(?:[\p{L}\p{N}_\-/:@$]+|[=!<>]+)/u.exec(found)?.[0].toUpperCase() ?? "";
    return first !== "" && operators.split(/, | or | only|\[NOT\] /).includes(first);
  }
  const known = FOUND.filter(([message]) => message.test(problem));
  return known.length === 0 ? undefined : known.some(([, place]) => place.test(found));
}

type Outcome = "read" | "refused" | { readonly fault: string };

/** What becomes of a filter; a refusal that is of no use is a fault. */
function outcomeOf(entity: SearchEntity, filter: string): Outcome {
  try {
    parseFilter(entity, filter);
    return "read";
  } catch (error) {
    if (!(error instanceof RivuletError) || error.code !== "invalid_argument") {
      return { fault: `${filter}\n    ${String(error)}` };
    }
    const position = Number(error.details?.["position"]);
    const isInside = Number.isInteger(position) && position >= 1 && position <= filter.length + 1;
    const [, problem = ""] =
      /^Cannot read the filter at (?:its end|position \d+, ".*?"): (.*)\.$/su.exec(error.message) ??
      [];
    const isGood = isInside && denies(problem, filter.slice(position - 1)) === false;
    return isGood ? "refused" : { fault: `${filter}\n    ${error.message}` };
  }
}

test("a filter that is broken anywhere is read, or refused with the place and what was expected there", () => {
  const random = createRandom();
  const outcomes: Outcome[] = [];
  for (const [entity, filter] of FILTERS) {
    expect(outcomeOf(entity, filter)).toBe("read");
    for (const text of broken(filter, random)) outcomes.push(outcomeOf(entity, text));
  }
  expect(outcomes.flatMap((one) => (typeof one === "string" ? [] : [one.fault]))).toEqual([]);
  expect(FILTERS.length).toBeGreaterThan(59);
  for (const wanted of ["read", "refused"]) {
    expect(outcomes.filter((one) => one === wanted).length).toBeGreaterThan(2_000);
  }
});

test.each([
  ["metrics.acc > - 5 AND metrics.acc < + 5", "read"],
  ["metrics.acc < +Infinity", "read"],
  ["metrics.acc > - -5", "expected a number"],
  ["startTime > now(()", "expected )"],
  [
    "startTime > now() - 9999999d",
    "expected a duration such as 30s, 15m, 12h, 7d or 2w, of at most 6 digits",
  ],
  [`params.${"x".repeat(251)} = 1`, "the key has 251 characters; 250 is the most"],
  ["metrics.acc HAS 1", "expected =, !=, >, >=, <, <=, [NOT] IN, [NOT] BETWEEN or IS [NOT] NULL"],
  ["metrics.acc NOT LIKE 1", "NOT LIKE compares text, and metric.acc is a number"],
  ["metrics.acc NOT 1", "expected IN or BETWEEN"],
])("%s", (filter, said) => {
  const problem = (): unknown => parseFilter("run", filter);
  if (said === "read") problem();
  else expect(problem).toThrow(`: ${said}.`);
});

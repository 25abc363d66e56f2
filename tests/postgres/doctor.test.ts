import { aRun, aSpan, hexId } from "@rivulet/core/testing";
import { expect, test } from "vitest";
import { linesOf, startChild } from "../store/child.ts";
import { ask } from "./ask.ts";
import { openedPostgres } from "./store.ts";
import { aStoreUrl } from "./store-url.ts";

function schemaOf(url: string): string {
  return new URL(url).searchParams.get("schema") ?? "";
}

/** Runs a statement beside the store, in its schema. */
async function tamper(url: string, statement: string): Promise<void> {
  await ask(url, `SET search_path = ${schemaOf(url)}; ${statement}`);
}

/** A store with a run, an artifact and a trace. */
async function aFilledStore(
  parameters: Readonly<Record<string, string>> = {},
): Promise<{ url: string; problems: () => Promise<readonly string[]> }> {
  const url = await aStoreUrl(parameters);
  const { store } = await openedPostgres(url);
  await store.runs.create(aRun({ id: hexId(1), status: "running" }));
  await store.files.write({ id: "f1", content: new Uint8Array(3_000_000) });
  store.journal.appendSpan(aSpan());
  await store.journal.flush();
  return { url, problems: async () => (await store.checkIntegrity()).problems };
}

test.each([{}, { partitions: "day" }])(
  "a store that nothing was done to is sound: %j",
  async (parameters) => {
    const { problems } = await aFilledStore(parameters);
    expect(await problems()).toEqual([]);
  },
);

test.each([
  ["DROP TABLE datasets", /^The table datasets is missing\. Restore a backup/],
  ["ALTER TABLE runs DROP COLUMN name", /^The table runs lacks name\. Restore a backup/],
  [
    "DROP INDEX traces_start",
    /^The index traces_start is missing: searches are slow\. CREATE INDEX traces_start ON traces \(start_us DESC, id DESC\)\.$/,
  ],
  [
    "DROP INDEX runs_inner",
    /^The index runs_inner is missing: doubles are not refused\. CREATE UNIQUE INDEX runs_inner ON runs \(inner_id\)\.$/,
  ],
  [
    "ALTER TABLE tags DROP CONSTRAINT tags_pkey",
    /^The table tags has no primary key: nothing can be written to it\. ALTER TABLE tags ADD PRIMARY KEY \(entity, owner, key\)\.$/,
  ],
  [
    "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'traces_start'::regclass",
    /^The index traces_start is invalid, because building it was interrupted\. Run REINDEX INDEX traces_start\.$/,
  ],
  [
    "DELETE FROM file_chunks WHERE position = 1",
    /^Files are incomplete \(f1\): .* Upload them again/,
  ],
  [
    "INSERT INTO artifacts VALUES ('r', 'p', 1, 'h', 'text/plain', 0, 'f0')",
    /^Artifacts refer to missing files \(f0\): .* Upload them again/,
  ],
  [
    `INSERT INTO run_owners VALUES ('${hexId(1)}', 'silent')`,
    /^Runs are marked as running \(0+1\), but no process .* open the store for writing/,
  ],
])("%s is noticed, and it is said what to do", async (statement, problem) => {
  const { url, problems } = await aFilledStore();
  await tamper(url, statement);
  expect(await problems()).toEqual([expect.stringMatching(problem)]);
});

test("a partition of today that is gone is noticed; the next opening makes it, and moves what had to wait", async () => {
  const { url, problems } = await aFilledStore({ partitions: "month" });
  const month = new Date().toISOString().slice(0, 7).replace("-", "");
  const name = `spans_by_month_${month}01`;
  await tamper(url, `DROP TABLE ${name}`);
  const { store } = await openedPostgres(url);
  store.journal.appendSpan(aSpan({ traceId: hexId(2), startTime: Date.now() }));
  await store.journal.flush();
  expect(await problems()).toEqual([
    `The partition ${name} is missing. 1 spans of its time are in spans_by_month_rest for now. To create it and move them, open the store for writing as the owner of its tables.`,
  ]);

  await linesOf(startChild("open", url, hexId(3)));
  expect(await problems()).toEqual([]);
  expect(await ask(url, `SELECT trace_id FROM ${schemaOf(url)}.${name}`)).toEqual([
    { trace_id: hexId(2) },
  ]);
  expect(await store.traces.listSpans(hexId(2))).toHaveLength(1);
});

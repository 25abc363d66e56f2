import { parseFilter } from "@rivulet/core";
import { aSpan, hexId } from "@rivulet/core/testing";
import { migrate, SCHEMA, type Schema } from "@rivulet/store/sql";
import { openSqlite } from "@rivulet/store/sqlite";
import { expect, onTestFinished, test } from "vitest";
import { aBackend, aDatabase, type Backend, backendOver, take } from "./a-backend.ts";

const prompts = [{ name: "greeting", version: 2 }];

async function found(backend: Backend, filter: string): Promise<readonly string[]> {
  const { items } = await backend.entities.traces.search({
    limit: 50,
    experimentIds: [],
    where: parseFilter("trace", filter),
    order: [],
  });
  return items.map(({ id }) => id).sort();
}

test("a trace is found by a prompt, whichever of its spans has used it, and however late it comes", async () => {
  const backend = await aBackend();
  await take(backend, aSpan(), aSpan({ traceId: hexId(2) }));
  await take(backend, aSpan({ id: hexId(9, 16), parentId: hexId(1, 16), prompts }));
  expect(await found(backend, "prompt = 'greeting'")).toEqual([hexId(1)]);
  expect(await found(backend, "prompt = 'greeting/2'")).toEqual([hexId(1)]);
  expect(await found(backend, "prompt = 'greeting/3'")).toEqual([]);
  expect(await found(backend, "prompt IN ('none', 'greeting/2')")).toEqual([hexId(1)]);
  expect(await found(backend, "prompt != 'greeting'")).toEqual([hexId(2)]);
});

test("a trace is found by the types that its spans have, not by those they once had", async () => {
  const backend = await aBackend();
  await take(backend, aSpan({ type: "chain", status: "in_progress" }));
  await take(backend, aSpan({ type: "agent" }));
  expect(await found(backend, "span.type = 'agent'")).toEqual([hexId(1)]);
  expect(await found(backend, "span.type = 'chain'")).toEqual([]);
});

test("nothing is left of what a trace was found by when it is deleted", async () => {
  const database = await aDatabase();
  const backend = backendOver(database);
  const traceId = hexId(2);
  await take(backend, aSpan({ prompts }), aSpan({ traceId, prompts, status: "error" }));
  await backend.entities.traces.delete([hexId(1)]);
  expect(await database.all("SELECT * FROM trace_prompts")).toEqual([
    { trace_id: hexId(2), name: "greeting", version: 2 },
  ]);
  expect(await database.all("SELECT trace_id FROM trace_span_types")).toEqual([
    { trace_id: hexId(2) },
  ]);
  await backend.entities.traces.delete([hexId(2)]);
  expect(await database.all("SELECT trace_id FROM trace_errors")).toEqual([]);
});

/** The schema as its first version had it. */
const FIRST: Schema = {
  tables: SCHEMA.tables
    .filter(({ since = 1 }) => since === 1)
    .map(({ columns, indexes = [], added = {}, ...table }) => ({
      ...table,
      columns: Object.fromEntries(
        Object.entries(columns).filter(([name]) => (added[name] ?? 1) === 1),
      ),
      indexes: indexes.filter(({ name }) => (added[name] ?? 1) === 1),
    })),
  steps: { 1: SCHEMA.steps[1] ?? (async () => undefined) },
};

test("traces of an older store are found by their prompts, the types of their spans, and what failed", async () => {
  const database = openSqlite(":memory:");
  onTestFinished(() => database.close());
  await migrate(database, FIRST);
  await database.run(
    `INSERT INTO traces (id, experiment_id, name, status, start_us, metadata, span_count, error_count, prompts,
      touched_us, first_span_us, last_span_us) VALUES (?, '0', 'old', 'error', 1, '{}', 1, 1, ?, 1, 1, 1)`,
    [hexId(1), JSON.stringify(prompts)],
  );
  await database.run(
    `INSERT INTO spans (trace_id, id, experiment_id, name, type, status, status_message, start_us, body)
      VALUES (?, 's', '0', 'old', 'tool', 'error', 'boom', 1, '{}')`,
    [hexId(1)],
  );
  await migrate(database);
  const backend = backendOver(database);
  expect(await found(backend, "prompt = 'greeting/2'")).toEqual([hexId(1)]);
  expect(await found(backend, "span.type = 'tool'")).toEqual([hexId(1)]);
  expect(await found(backend, "errorPreview = 'boom'")).toEqual([hexId(1)]);
  expect(await found(backend, "error.fingerprint = '81f52337ebb4cb16'")).toEqual([hexId(1)]);
});

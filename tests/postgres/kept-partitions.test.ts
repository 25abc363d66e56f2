import { aSpan, hexId } from "@rivulet/core/testing";
import { expect, test } from "vitest";
import { ask } from "./ask.ts";
import { openedPostgres } from "./store.ts";
import { aStoreUrl } from "./store-url.ts";

const DAY = 24 * 60 * 60 * 1000;

function partitionOf(time: number): string {
  return `spans_by_day_${new Date(time).toISOString().slice(0, 10).replaceAll("-", "")}`;
}

/** When the day of a partition begins. */
function startOf(partition: string): number {
  return Date.parse(partition.replace(/^.*(\d{4})(\d\d)(\d\d)$/, "$1-$2-$3"));
}

async function partitionsIn(url: string): Promise<readonly string[]> {
  const schema = new URL(url).searchParams.get("schema") ?? "";
  const rows = await ask(
    url,
    "SELECT table_name FROM information_schema.tables WHERE table_schema = $1 AND table_name LIKE 'spans~_by~_%' ESCAPE '~' ORDER BY table_name",
    [schema],
  );
  return rows.map((row) => String(row["table_name"]));
}

/** The same store, asked for other partitions. */
function withPartitions(url: string, period: string): string {
  const other = new URL(url);
  other.searchParams.set("partitions", period);
  return other.href;
}

test("a new store has partitions for today and the next three days, and one for the rest", async () => {
  const url = await aStoreUrl({ partitions: "day" });
  const earliest = partitionOf(Date.now());
  const { errors } = await openedPostgres(url);
  const latest = partitionOf(Date.now());
  const [today = "", ...others] = await partitionsIn(url);
  expect([earliest, latest]).toContain(today);
  expect(others).toEqual([
    ...[1, 2, 3].map((days) => partitionOf(startOf(today) + days * DAY)),
    "spans_by_day_rest",
  ]);
  expect(errors).toEqual([]);
});

test("a store keeps the partitions that it was made with, and says that others have no effect", async () => {
  const url = await aStoreUrl({ partitions: "day" });
  await (await openedPostgres(url)).store.close();
  const before = await partitionsIn(url);
  const { store, errors } = await openedPostgres(withPartitions(url, "month"));
  store.journal.appendSpan(aSpan());
  await store.journal.flush();
  expect((await store.traces.get(aSpan().traceId))?.spanCount).toBe(1);
  expect(await partitionsIn(url)).toEqual(before);
  expect(errors).toEqual([
    expect.objectContaining({
      code: "unsupported",
      message: expect.stringMatching(/was created with partitions by day: partitions=month has no/),
    }),
  ]);
});

test("spans that came before the partition of their day stay where they are", async () => {
  const url = await aStoreUrl({ partitions: "day" });
  const { store } = await openedPostgres(url);
  const schema = new URL(url).searchParams.get("schema");
  const [, , partition = ""] = await partitionsIn(url);
  await ask(url, `DROP TABLE ${schema}.${partition}`);
  const startTime = startOf(partition) + 1;
  const span = aSpan({ traceId: hexId(7), startTime, endTime: startTime + 1 });
  store.journal.appendSpan(span);
  await store.journal.flush();
  await store.close();

  const { store: again, errors } = await openedPostgres(url);
  expect(await again.traces.loadSpans(hexId(7))).toEqual([span]);
  expect(errors).toEqual([]);
});

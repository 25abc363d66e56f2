import { aDataset, anAssessment, aRun, aSpan, BUILT_AT, hexId } from "@rivulet/core/testing";
import { changeLog, changeWriter } from "@rivulet/store/sql";
import { expect, test } from "vitest";
import { aDatabase, backendOver, backendsOf, take } from "./a-backend.ts";

test("what one engine changes is told to the others, once, with ids", async () => {
  const [writer, watcher] = await backendsOf("writer", "watcher");
  if (writer === undefined || watcher === undefined) throw new Error("two were asked for");
  const { entities } = writer;
  await entities.datasets.create(aDataset({ name: "before" }));
  expect(await watcher.changes.poll("watcher")).toEqual([]);

  await entities.runs.create(aRun());
  await take(writer, aSpan());
  await entities.assessments.add([anAssessment()]);
  expect(await watcher.changes.poll("watcher")).toEqual([
    { entity: "run", ids: [hexId(1)] },
    { entity: "trace", ids: [hexId(1)] },
    { entity: "assessment", ids: [hexId(1)] },
  ]);
  expect(await watcher.changes.poll("watcher")).toEqual([]);
  expect(await writer.changes.poll("writer")).toEqual([]);
});

test("traces that were abandoned are told by their ids", async () => {
  const [writer, watcher] = await backendsOf("writer", "watcher");
  const { endTime: _end, ...open } = aSpan({ status: "in_progress" });
  if (writer === undefined || watcher === undefined) throw new Error("two were asked for");
  await take(writer, open);
  await watcher.changes.poll("watcher");
  await writer.entities.traces.closeAbandoned({ before: BUILT_AT + 1 });
  expect(await watcher.changes.poll("watcher")).toEqual([{ entity: "trace", ids: [hexId(1)] }]);
  await writer.entities.traces.closeAbandoned({ before: BUILT_AT + 1 });
  expect(await watcher.changes.poll("watcher")).toEqual([]);
});

test("what is refused changes nothing, and nothing is told of it", async () => {
  const [writer, watcher] = await backendsOf("writer", "watcher");
  await watcher?.changes.poll("watcher");
  await writer?.entities.runs.update({ id: hexId(9), name: "x" }).catch(() => undefined);
  await writer?.entities.runs.create(aRun({ experimentId: "404" })).catch(() => undefined);
  expect(await watcher?.changes.poll("watcher")).toEqual([]);
});

test("a change that is committed behind later ones is told all the same", async () => {
  const database = await aDatabase();
  const log = changeLog(database);
  await log.poll("watcher");
  const write = (id: string, secondsAgo: number) =>
    database.run(
      `INSERT INTO changes (at_us, id, origin, entity, ids) VALUES (${database.dialect.now} - ?, ?, 'w', 'run', ?)`,
      [secondsAgo * 1_000_000, id, JSON.stringify([id])],
    );
  await write("later", 0);
  expect(await log.poll("watcher")).toEqual([{ entity: "run", ids: ["later"] }]);
  await write("earlier", 3);
  expect(await log.poll("watcher")).toEqual([{ entity: "run", ids: ["earlier"] }]);
  expect(await log.poll("watcher")).toEqual([]);
});

test("an engine without others notes nothing", async () => {
  const database = await aDatabase();
  const backend = backendOver(database);
  await backend.entities.runs.create(aRun());
  await take(backend, aSpan());
  expect(await database.all("SELECT * FROM changes")).toEqual([]);
});

test("changes are removed some minutes after everybody has seen them", async () => {
  const database = await aDatabase();
  let now = 0;
  const writer = changeWriter({ database, origin: "w", clock: () => now });
  await writer.note(database, [{ entity: "run", ids: ["old"] }]);
  await database.run("UPDATE changes SET at_us = at_us - 301000000");
  await writer.note(database, [{ entity: "run", ids: ["new"] }]);
  const kept = async (): Promise<unknown> =>
    (await database.all("SELECT ids FROM changes ORDER BY at_us")).map((row) => row["ids"]);
  await writer.prune();
  expect(await kept()).toEqual(['["old"]', '["new"]']);
  now = 30_000;
  await writer.prune();
  expect(await kept()).toEqual(['["new"]']);
});

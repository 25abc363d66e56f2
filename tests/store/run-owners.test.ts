import { aRun, BUILT_AT, hexId } from "@rivulet/core/testing";
import { expect, test } from "vitest";
import { aBackend, aDatabase, type Backend, backendOver, backendsOf } from "./a-backend.ts";

const RUN = hexId(1);
const LOST = { status: "failed", message: "The process that wrote it is gone." } as const;

function stateOf({ entities }: Backend, id = RUN): Promise<object | undefined> {
  return entities.runs
    .get(id)
    .then((run) => run && { status: run.status, why: run.statusMessage, end: run.endTime });
}

const running = { status: "running", why: undefined, end: undefined };

/** Metric points that come by the journal of an engine. */
function record(backend: Backend, owner: string, timestamp = BUILT_AT + 500): Promise<unknown> {
  const points = [{ key: "loss", value: 1, step: 0, timestamp }];
  return backend.take({ records: [{ kind: "metrics", metrics: { runId: RUN, points } }], owner });
}

test("a run ends with its owner, when the last of it was written, and says why", async () => {
  const backend = await aBackend();
  await backend.entities.runs.create({ ...aRun(), owner: "a" });
  await record(backend, "a");
  expect(await backend.owners.release("a", LOST)).toEqual([RUN]);
  expect(await stateOf(backend)).toEqual({
    status: "failed",
    why: LOST.message,
    end: BUILT_AT + 500,
  });
  expect(await backend.owners.release("a", LOST)).toEqual([]);
});

test("a run ends when its last file was stored, if that was after its last metric", async () => {
  const database = await aDatabase();
  const backend = backendOver(database);
  const runs = [RUN, hexId(2)];
  for (const id of runs) await backend.entities.runs.create({ ...aRun(), id, owner: "a" });
  await record(backend, "a");
  await database.run(
    `INSERT INTO artifacts (run_id, path, size, sha256, content_type, created_us, file_id)
     VALUES (?, 'a', 1, 'ab', 'text/plain', ?, 'ab'), (?, 'a', 1, 'ab', 'text/plain', ?, 'ab')`,
    [RUN, (BUILT_AT + 700) * 1000, runs[1] ?? "", (BUILT_AT + 300) * 1000],
  );
  await backend.owners.release("a", LOST);
  const ended = await backend.entities.runs.getMany(runs);
  const ends = Object.fromEntries(ended.map(({ id, endTime }) => [id, endTime]));
  expect(ends).toEqual({ [RUN]: BUILT_AT + 700, [hexId(2)]: BUILT_AT + 300 });
});

test("a run of which nothing tells when it was written ends now", async () => {
  const backend = await aBackend();
  const before = Date.now();
  await backend.entities.runs.create({ ...aRun(), owner: "a" });
  await backend.owners.release("a", { status: "killed", message: "SIGTERM" });
  const run = await backend.entities.runs.get(RUN);
  expect(run?.status).toBe("killed");
  expect(run?.endTime).toBeGreaterThanOrEqual(before);
});

test("a run never ends before it began", async () => {
  const backend = await aBackend();
  await backend.entities.runs.create({ ...aRun(), owner: "a" });
  await record(backend, "a", 0);
  await backend.owners.release("a", LOST);
  expect(await stateOf(backend)).toMatchObject({ end: BUILT_AT });
});

test("a run never ends in the future, whatever time its points have", async () => {
  const backend = await aBackend();
  await backend.entities.runs.create({ ...aRun(), owner: "a" });
  await record(backend, "a", Date.now() + 3_600_000);
  await backend.owners.release("a", LOST);
  expect((await backend.entities.runs.get(RUN))?.endTime).toBeLessThanOrEqual(Date.now());
});

test("a run goes on while another owner is there", async () => {
  const backend = await aBackend();
  await backend.entities.runs.create({ ...aRun(), owner: "a" });
  await record(backend, "b");
  expect(await backend.owners.release("a", LOST)).toEqual([]);
  expect(await stateOf(backend)).toEqual(running);
  expect(await backend.owners.release("b", LOST)).toEqual([RUN]);
});

test("a run that nobody owns is never ended, whoever logs to it without a name", async () => {
  const backend = await aBackend();
  await backend.entities.runs.create(aRun());
  await backend.entities.runs.logBatch({ runId: RUN, params: { lr: "1" } });
  await record(backend, "");
  expect(await backend.owners.list()).toEqual([]);
  expect(await backend.owners.release("a", LOST)).toEqual([]);
  expect(await stateOf(backend)).toEqual(running);
});

const comebacks: Readonly<Record<string, (backend: Backend) => Promise<unknown>>> = {
  "metric points": (backend) => record(backend, "a"),
  "a batch": ({ entities }) =>
    entities.runs.logBatch({ runId: RUN, owner: "a", params: { lr: "1" } }),
  "an update": ({ entities }) => entities.runs.update({ id: RUN, owner: "a", name: "renamed" }),
};

test.each(Object.entries(comebacks))(
  "an owner that comes back takes its run up again with %s, and ends with it again",
  async (_, comeBack) => {
    const backend = await aBackend();
    await backend.entities.runs.create({ ...aRun(), owner: "a" });
    await backend.owners.release("a", LOST);
    await comeBack(backend);
    expect(await stateOf(backend)).toEqual(running);
    expect(await backend.owners.release("a", LOST)).toEqual([RUN]);
  },
);

test("what others write does not take up a run that was ended", async () => {
  const backend = await aBackend();
  await backend.entities.runs.create({ ...aRun(), owner: "a" });
  await backend.owners.release("a", LOST);
  await record(backend, "b");
  await backend.entities.runs.logBatch({ runId: RUN, params: { lr: "1" } });
  expect(await stateOf(backend)).toMatchObject({ status: "failed" });
});

test("a run that was finished stays finished, whatever its owner writes later", async () => {
  const backend = await aBackend();
  const { runs } = backend.entities;
  await runs.create({ ...aRun(), owner: "a" });
  await runs.update({ id: RUN, owner: "a", status: "finished", endTime: BUILT_AT + 9 });
  await record(backend, "a");
  expect(await backend.owners.release("a", LOST)).toEqual([]);
  expect(await stateOf(backend)).toEqual({ status: "finished", why: undefined, end: BUILT_AT + 9 });
});

test("a run that was put off stays so, whatever its owner writes", async () => {
  const backend = await aBackend();
  const { runs } = backend.entities;
  await runs.create({ ...aRun(), owner: "a" });
  await runs.update({ id: RUN, owner: "a", status: "scheduled" });
  await record(backend, "a");
  expect(await stateOf(backend)).toEqual({ status: "scheduled", why: undefined, end: undefined });
});

test("an owner that comes back only to finish its run finishes it, without the reason we gave", async () => {
  const backend = await aBackend();
  const { runs } = backend.entities;
  await runs.create({ ...aRun(), owner: "a" });
  await backend.owners.release("a", LOST);
  await runs.update({ id: RUN, owner: "a", status: "finished", endTime: BUILT_AT + 9 });
  expect(await stateOf(backend)).toEqual({ status: "finished", why: undefined, end: BUILT_AT + 9 });
});

test("a status may say why", async () => {
  const backend = await aBackend();
  const { runs } = backend.entities;
  await runs.create(aRun({ id: hexId(2), status: "failed", statusMessage: "out of memory" }));
  expect(await stateOf(backend, hexId(2))).toMatchObject({ why: "out of memory" });
  await runs.create(aRun());
  await runs.update({ id: RUN, status: "failed", statusMessage: "NaN", endTime: BUILT_AT });
  expect(await stateOf(backend)).toMatchObject({ status: "failed", why: "NaN" });
  await runs.update({ id: RUN, name: "renamed" });
  expect(await stateOf(backend)).toMatchObject({ why: "NaN" });
  await runs.update({ id: RUN, status: "running" });
  expect(await stateOf(backend)).toMatchObject({ why: undefined });
});

test("owners are heard of when they begin to watch and when they say so", async () => {
  const backend = await aBackend();
  await backend.entities.runs.create({ ...aRun(), owner: "a" });
  await backend.owners.beat("idle");
  const [owner, ...others] = await backend.owners.list();
  expect(others).toEqual([]);
  expect(owner?.owner).toBe("a");
  expect(owner?.silentMs).toBeLessThan(60_000);
});

test("a run that ends with its owner is told to everybody", async () => {
  const [writer, watcher] = await backendsOf("writer", "watcher");
  await writer?.entities.runs.create({ ...aRun(), owner: "a" });
  await watcher?.changes.poll("watcher");
  await writer?.owners.release("a", LOST);
  expect(await watcher?.changes.poll("watcher")).toEqual([{ entity: "run", ids: [RUN] }]);
});

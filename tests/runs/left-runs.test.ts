import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { createRivulet, type Rivulet, type Run } from "@rivulet/core";
import { expect, onTestFinished, test, vi } from "vitest";
import { SOURCE_FLAGS } from "../source-flags.ts";

const TRAIN = fileURLToPath(new URL("children/train.ts", import.meta.url));

async function aStore(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "rivulet-runs-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return `sqlite:${join(folder, "runs.db")}`;
}

function open(url: string): Rivulet {
  const rivulet = createRivulet({ store: url });
  onTestFinished(() => rivulet.close());
  return rivulet;
}

const GONE = "the process that ran it is gone: it was killed, or exited without closing its client";

interface Training {
  readonly id: string;
  readonly process: ReturnType<typeof spawn>;
  readonly ended: Promise<unknown>;
}

/** A process that has started a run and logged a point. */
async function train(url: string, ...how: readonly string[]): Promise<Training> {
  const child = spawn(process.execPath, [...SOURCE_FLAGS, TRAIN, url, ...how], {
    stdio: ["pipe", "pipe", "ignore"],
  });
  const ended = once(child, "close");
  onTestFinished(() => void child.kill("SIGKILL"));
  const [line] = (await once(child.stdout, "data")) as [Buffer];
  return { id: String(line).trim(), process: child, ended };
}

/** The run when a client that opened the store has looked for what others left. */
async function settled(rivulet: Rivulet, id: string): Promise<Run> {
  await vi.waitFor(async () => expect((await rivulet.runs.get(id)).status).not.toBe("running"), {
    timeout: 30_000,
  });
  return rivulet.runs.get(id);
}

test.each([
  ["exit", "failed", "the process ended with exit code 3 before the run was finished"],
  ["throw", "failed", "the process ended with exit code 1 before the run was finished"],
  ["close", "failed", "the client was closed before the run was finished"],
])("a run that its process leaves by %s has %s, and says why", async (ending, status, message) => {
  const url = await aStore();
  const { id, ended } = await train(url, ending);
  await ended;
  const run = await settled(open(url), id);
  expect([run.status, run.statusMessage]).toEqual([status, message]);
  expect(run.metrics).toEqual({ loss: 0.5 });
  expect(run.endTime).toBeGreaterThanOrEqual(run.startTime);
});

test.each(["SIGKILL", "SIGTERM"] as const)(
  "a run whose process got a %s is killed, and what it logged is kept",
  async (signal) => {
    const url = await aStore();
    const { id, process: child, ended } = await train(url, "wait");
    child.kill(signal);
    await ended;
    const run = await settled(open(url), id);
    expect([run.status, run.metrics]).toEqual(["killed", { loss: 0.5 }]);
  },
);

const spoolsOutOfSight: Readonly<Record<string, (folder: string) => Promise<string>>> = {
  "that cannot be written": async (folder) => {
    await writeFile(join(folder, "file"), "");
    return join(folder, "file", "spool");
  },
  "elsewhere than we look": async (folder) => join(folder, "elsewhere"),
};

test.each(Object.entries(spoolsOutOfSight))(
  "a run whose process had a spool %s is killed with it",
  async (_, place) => {
    const url = await aStore();
    const folder = dirname(url.slice("sqlite:".length));
    const { id, process: child, ended } = await train(url, "wait", await place(folder));
    const rivulet = open(url);
    await rivulet.flush();
    expect((await rivulet.runs.get(id)).status).toBe("running");
    child.kill("SIGKILL");
    await ended;
    await rivulet.close();
    const run = await settled(open(url), id);
    expect([run.status, run.statusMessage, run.metrics]).toEqual(["killed", GONE, { loss: 0.5 }]);
  },
);

test("a run whose process lost its spool while it ran is killed with it", async () => {
  const url = await aStore();
  const { id, process: child, ended } = await train(url, "wait");
  child.kill("SIGKILL");
  await ended;
  await rm(`${url.slice("sqlite:".length)}.spool`, { recursive: true });
  const run = await settled(open(url), id);
  expect([run.status, run.statusMessage]).toEqual(["killed", GONE]);
});

test("a run that was finished stays finished", async () => {
  const url = await aStore();
  const { id, process: child, ended } = await train(url, "finish");
  const rivulet = open(url);
  await settled(rivulet, id);
  child.kill("SIGKILL");
  await ended;
  await rivulet.flush();
  expect((await rivulet.runs.get(id)).status).toBe("finished");
});

test("a run that nobody watches over is left alone", async () => {
  const url = await aStore();
  const left = await train(url, "not-owned");
  const owned = await train(url, "exit");
  await Promise.all([left.ended, owned.ended]);
  const rivulet = open(url);
  await settled(rivulet, owned.id);
  expect((await rivulet.runs.get(left.id)).status).toBe("running");
});

test("a process that is stopped for a while keeps its run", async () => {
  const url = await aStore();
  const stopped = await train(url, "wait");
  stopped.process.kill("SIGSTOP");
  const other = await train(url, "exit");
  await other.ended;
  const rivulet = open(url);
  await settled(rivulet, other.id);
  expect((await rivulet.runs.get(stopped.id)).status).toBe("running");

  stopped.process.kill("SIGCONT");
  stopped.process.stdin?.write("go on\n");
  await vi.waitFor(
    async () => expect((await rivulet.runs.get(stopped.id)).metrics).toEqual({ loss: 0.25 }),
    { timeout: 30_000 },
  );
  expect((await rivulet.runs.get(stopped.id)).status).toBe("running");
});

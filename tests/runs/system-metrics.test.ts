import { chmod, writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  createGpuReader,
  monitorSystem,
  type Sample,
  samplesIn,
} from "@rivulet/core/system-metrics";
import { expect, onTestFinished, test, vi } from "vitest";
import { aClient, aFolder, refusal } from "../core/client.ts";

interface Monitored {
  readonly stop: () => void;
  readonly logged: Sample[];
  readonly errors: unknown[];
  readonly client: { isClosed: boolean };
  readonly sampler: { closed: number };
}

/** A monitor whose clock is moved by the test. */
function monitored(take: (n: number) => Promise<Sample>): Monitored {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  onTestFinished(() => void vi.useRealTimers());
  const logged: Sample[] = [];
  const errors: unknown[] = [];
  const client = { isClosed: false };
  const sampler = { closed: 0 };
  let taken = 0;
  const stop = monitorSystem(
    { intervalMs: 1_000 },
    {
      log: (sample) => logged.push(sample),
      reportError: (error) => errors.push(error),
      isClosed: () => client.isClosed,
      sampler: {
        take: () => {
          taken += 1;
          return take(taken);
        },
        close: () => {
          sampler.closed += 1;
        },
      },
    },
  );
  return { stop, logged, errors, client, sampler };
}

test("a sample is taken at once and after each interval, until it is stopped", async () => {
  const { stop, logged, sampler } = monitored(async (n) => ({ n }));
  await vi.advanceTimersByTimeAsync(2_000);
  stop();
  stop();
  await vi.advanceTimersByTimeAsync(5_000);
  expect(logged).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }]);
  expect(sampler.closed).toBe(1);
});

test("a sample that takes too long is waited for, and one that fails is reported", async () => {
  const late = Promise.withResolvers<Sample>();
  const { stop, logged, errors } = monitored((n) => {
    if (n === 1) return late.promise;
    return n === 2 ? Promise.reject(new Error("no disk")) : Promise.resolve({ n });
  });
  await vi.advanceTimersByTimeAsync(3_000);
  expect(logged).toEqual([]);
  late.resolve({ n: 1 });
  await vi.advanceTimersByTimeAsync(2_000);
  expect(logged).toEqual([{ n: 1 }, { n: 3 }]);
  expect(errors).toMatchObject([{ message: "no disk" }]);
  stop();
});

test("it ends with its client", async () => {
  const { logged, client, sampler } = monitored(async (n) => ({ n }));
  await vi.advanceTimersByTimeAsync(0);
  client.isClosed = true;
  await vi.advanceTimersByTimeAsync(3_000);
  expect(logged).toEqual([{ n: 1 }]);
  expect(sampler.closed).toBe(1);
});

test("a run records the machine and the process under MLflow's names, where it is asked to", async () => {
  const { rivulet } = await aClient("memory", { systemMetrics: { gpu: false } });
  const run = await rivulet.runs.start();
  await vi.waitFor(async () => {
    await rivulet.flush();
    expect(Object.keys((await rivulet.runs.get(run.id)).metrics)).toEqual(
      expect.arrayContaining([
        "system/disk_usage_percentage",
        "system/process_heap_used_megabytes",
        "system/process_memory_rss_megabytes",
        "system/system_memory_usage_megabytes",
        "system/system_memory_usage_percentage",
      ]),
    );
  });
  await run.finish();
  const silent = await rivulet.runs.start({ systemMetrics: false });
  await silent.finish();
  expect((await rivulet.runs.get(silent.id)).metrics).toEqual({});
});

test("nothing is sampled any more once a run was ended through its handle", async () => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  onTestFinished(() => void vi.useRealTimers());
  const { rivulet } = await aClient("memory");
  await rivulet.runs.search();
  const before = vi.getTimerCount();
  const run = await rivulet.runs.start({ systemMetrics: { gpu: false } });
  expect(vi.getTimerCount()).toBe(before + 1);
  await run.finish();
  expect(vi.getTimerCount()).toBe(before);
});

test("options that are none are refused", async () => {
  const { rivulet } = await aClient("memory");
  await expect(
    rivulet.runs.start({ systemMetrics: { interval: 1 } as never }),
  ).rejects.toMatchObject(refusal("invalid_argument", /intervalMs/));
});

test("the table of nvidia-smi is read, and what it does not tell is left out", () => {
  expect(samplesIn("0, 50, 1000, 4000, 70.5\n1, [N/A], 2000, 4000, [N/A]\n")).toEqual({
    "system/gpu_0_utilization_percentage": 50,
    "system/gpu_0_memory_usage_megabytes": 1048.576,
    "system/gpu_0_memory_usage_percentage": 25,
    "system/gpu_0_power_usage_watts": 70.5,
    "system/gpu_1_memory_usage_megabytes": 2097.152,
    "system/gpu_1_memory_usage_percentage": 50,
  });
});

async function aProgram(lines: string): Promise<string> {
  const path = join(await aFolder(), "nvidia-smi");
  await writeFile(path, `#!/bin/sh\n${lines}\n`);
  await chmod(path, 0o755);
  return path;
}

test("a program that answers is asked each time; one that is not there, or hangs, only once", async () => {
  const there = createGpuReader({ program: await aProgram('echo "0, 1, 2, 4, 5"') });
  expect(await there()).toMatchObject({ "system/gpu_0_utilization_percentage": 1 });
  expect(await there()).toMatchObject({ "system/gpu_0_utilization_percentage": 1 });
  const missing = createGpuReader({ program: "/nowhere/nvidia-smi" });
  expect(await missing()).toEqual({});
  const hanging = createGpuReader({ program: await aProgram("exec sleep 600"), timeoutMs: 50 });
  expect(await hanging()).toEqual({});
  expect(await hanging()).toEqual({});
});

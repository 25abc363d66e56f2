import { statfs } from "node:fs/promises";
import { cpus, freemem, totalmem } from "node:os";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { createGpuReader } from "./gpu.ts";
import type { Sample, Sampler } from "./system-metrics.ts";

const MEGABYTE = 1e6;
const NANOSECONDS_PER_MS = 1e6;

/** Takes samples of this machine and this process, under MLflow's names as far as it has them. */
export function createSampler({ gpu }: { readonly gpu: boolean }): Sampler {
  const delay = monitorEventLoopDelay({ resolution: 10 });
  delay.enable();
  const readGpus = gpu ? createGpuReader() : async () => ({});
  const cpu = createCpuReader();

  return {
    take: async () => {
      const [disk, gpus] = await Promise.all([readDisk(), readGpus()]);
      const sample = { ...cpu(), ...readMemory(), ...disk, ...readDelay(), ...gpus };
      delay.reset();
      return sample;
    },
    close: () => {
      delay.disable();
    },
  };

  function readDelay(): Sample {
    // Nothing was measured yet.
    if (delay.count === 0) return {};
    return {
      "system/event_loop_delay_p50_ms": delay.percentile(50) / NANOSECONDS_PER_MS,
      "system/event_loop_delay_p99_ms": delay.percentile(99) / NANOSECONDS_PER_MS,
    };
  }
}

/** What all processors, and this process, have done since the last sample. */
function createCpuReader(): () => Sample {
  let before = readCpu();
  return () => {
    const now = readCpu();
    const total = now.total - before.total;
    const elapsed = now.wall - before.wall;
    const sample: Record<string, number> = {};
    if (total > 0) {
      const idle = now.idle - before.idle;
      sample["system/cpu_utilization_percentage"] = (100 * (total - idle)) / total;
    }
    if (elapsed > 0) {
      sample["system/process_cpu_utilization_percentage"] =
        (100 * (now.process - before.process)) / elapsed;
    }
    before = now;
    return sample;
  };
}

interface CpuTimes {
  readonly idle: number;
  readonly total: number;
  /** Microseconds. */
  readonly process: number;
  /** Microseconds. */
  readonly wall: number;
}

function readCpu(): CpuTimes {
  const times = cpus().map((cpu) => cpu.times);
  const sum = (values: readonly number[]): number => values.reduce((all, one) => all + one, 0);
  const { user, system } = process.cpuUsage();
  return {
    idle: sum(times.map(({ idle }) => idle)),
    total: sum(times.flatMap((one) => Object.values(one))),
    process: user + system,
    wall: performance.now() * 1000,
  };
}

function readMemory(): Sample {
  const used = totalmem() - freemem();
  const { rss, heapUsed } = process.memoryUsage();
  return {
    "system/system_memory_usage_megabytes": used / MEGABYTE,
    "system/system_memory_usage_percentage": (100 * used) / totalmem(),
    "system/process_memory_rss_megabytes": rss / MEGABYTE,
    "system/process_heap_used_megabytes": heapUsed / MEGABYTE,
  };
}

/** Of the disk with the folder in which the process was started. */
async function readDisk(): Promise<Sample> {
  const found = await statfs(process.cwd()).catch(() => undefined);
  if (found === undefined || found.blocks === 0) return {};
  const { blocks, bfree, bavail, bsize } = found;
  return {
    "system/disk_usage_percentage": (100 * (blocks - bfree)) / blocks,
    "system/disk_usage_megabytes": ((blocks - bfree) * bsize) / MEGABYTE,
    "system/disk_available_megabytes": (bavail * bsize) / MEGABYTE,
  };
}

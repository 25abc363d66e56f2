import { execFile } from "node:child_process";
import type { Sample } from "./system-metrics.ts";

/** How GPUs are asked. */
export interface GpuQuery {
  /** The program. @default 'nvidia-smi' */
  readonly program?: string;
  /** Milliseconds after which it is killed. @default 5000 */
  readonly timeoutMs?: number;
}

const FIELDS = ["index", "utilization.gpu", "memory.used", "memory.total", "power.draw"];
const MEBIBYTE_IN_MEGABYTES = 1.048576;

/**
 * Reads all GPUs, under MLflow's names. Where the program is not there, or fails, nothing is read and it is not asked
 * again. Never throws.
 */
export function createGpuReader({
  program = "nvidia-smi",
  timeoutMs = 5_000,
}: GpuQuery = {}): () => Promise<Sample> {
  let isThere = true;
  return async () => {
    if (!isThere) return {};
    const text = await ask(program, timeoutMs);
    if (text === undefined) isThere = false;
    return text === undefined ? {} : samplesIn(text);
  };
}

function ask(program: string, timeout: number): Promise<string | undefined> {
  const asked = [`--query-gpu=${FIELDS.join(",")}`, "--format=csv,noheader,nounits"];
  return new Promise((settle) => {
    try {
      const options = { timeout, killSignal: "SIGKILL", windowsHide: true } as const;
      const child = execFile(program, asked, options, (error, stdout) =>
        settle(error === null ? stdout : undefined),
      );
      child.unref();
    } catch {
      settle(undefined);
    }
  });
}

/** The values in its table; what a GPU cannot tell is `[N/A]` and left out. */
export function samplesIn(table: string): Sample {
  const entries = table.split("\n").flatMap((line) => {
    const [index = "", utilization, used, total, power] = line
      .split(",")
      .map((cell) => cell.trim());
    if (!/^\d+$/.test(index)) return [];
    const values = {
      utilization_percentage: Number(utilization),
      memory_usage_megabytes: Number(used) * MEBIBYTE_IN_MEGABYTES,
      memory_usage_percentage: (100 * Number(used)) / Number(total),
      power_usage_watts: Number(power),
    };
    return Object.entries(values)
      .filter(([, value]) => Number.isFinite(value))
      .map(([name, value]) => [`system/gpu_${index}_${name}`, value] as const);
  });
  return Object.fromEntries(entries);
}

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createRivulet, type Rivulet } from "@rivulet/core";

/** A client on a SQLite file in a folder of its own. */
export interface BenchClient extends AsyncDisposable {
  readonly rivulet: Rivulet;
  readonly file: string;
}

export async function openBenchClient(): Promise<BenchClient> {
  const folder = await mkdtemp(join(tmpdir(), "rivulet-bench-"));
  const file = join(folder, "bench.db");
  const rivulet = createRivulet({ store: `sqlite:${file}` });
  await rivulet.flush();
  return {
    rivulet,
    file,
    async [Symbol.asyncDispose](): Promise<void> {
      await rivulet.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

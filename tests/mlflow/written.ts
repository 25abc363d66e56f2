import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { createRivulet, type Rivulet } from "@rivulet/core";
import { onTestFinished } from "vitest";

const FIXTURES = join(import.meta.dirname, "fixtures");
/** A folder that is gone after the test. */
export async function aFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "rivulet-mlflow-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** What was written with MLflow: a folder, or a database by its version. */
export type Written =
  | "mlruns"
  | "traces/mlruns"
  | "traces-2.22/mlruns"
  | `mlflow-${"0.9" | "1.0" | "2.22" | "3.17" | "3.18"}`;

/** What MLflow has written, in a folder of the test. */
export async function written(kind: Written): Promise<string> {
  const folder = await aFolder();
  if (kind.endsWith("mlruns")) {
    await cp(join(FIXTURES, kind), join(folder, "mlruns"), { recursive: true });
    return join(folder, "mlruns");
  }
  const file = await readFile(join(FIXTURES, `${kind}.db.gz`));
  await writeFile(join(folder, "mlflow.db"), gunzipSync(file));
  await cp(join(FIXTURES, "artifacts"), join(folder, "artifacts"), { recursive: true });
  return join(folder, "mlflow.db");
}

/** A client that is closed after the test. */
export function aRivulet(store = "memory:"): Rivulet {
  const rivulet = createRivulet({ store, retention: false });
  onTestFinished(() => rivulet.close());
  return rivulet;
}

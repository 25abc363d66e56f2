import { mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import { createRivulet } from "@rivulet/core";
import { expect, onTestFinished, test } from "vitest";
import { mountDisk } from "./disk.ts";
import { aFolder } from "./folder.ts";

async function* parts(count: number): AsyncGenerator<Uint8Array> {
  for (let n = 0; n < count; n += 1) yield new Uint8Array(1024 * 1024).fill(n);
}

test("a stream that fills the disk leaves nothing of it, and the store goes on", async ({
  skip,
}) => {
  const folder = await aFolder();
  const files = join(folder, "app.db.files");
  await mkdir(files);
  if (!mountDisk(files, "4m")) return skip("this user may not mount a disk");
  const rivulet = createRivulet({ store: `sqlite:${join(folder, "app.db")}` });
  onTestFinished(() => rivulet.close());
  const run = await rivulet.runs.start();
  await expect(run.logArtifact("big.bin", parts(6))).rejects.toMatchObject({
    code: "store_unavailable",
    message: expect.stringMatching(/cannot be written: ENOSPC/),
  });
  expect(await readdir(files)).toEqual([]);
  expect(await rivulet.artifacts.list({ runId: run.id })).toEqual([]);
  await run.logArtifact("fits.bin", parts(2));
  const [fits] = await rivulet.artifacts.list({ runId: run.id });
  expect(fits).toMatchObject({ path: "fits.bin", size: 2 * 1024 * 1024 });
});

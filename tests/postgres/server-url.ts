import { existsSync } from "node:fs";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { inject } from "vitest";
import { makeServer } from "./embedded-server.ts";

/**
 * URL of a PostgreSQL server: the one that `RIVULET_TEST_POSTGRES` names, else one that the first who asks
 * starts for the whole test run.
 */
export async function serverUrl(): Promise<string> {
  const given = process.env["RIVULET_TEST_POSTGRES"];
  if (given !== undefined) return given;
  const server = join(inject("postgresFolder"), "server");
  const ready = join(inject("postgresFolder"), "url");
  if (await isFirst(server)) await start(server, ready);
  while (!existsSync(ready)) {
    // Whoever was first has failed.
    if (!existsSync(server)) return serverUrl();
    await pause(20);
  }
  return readFile(ready, "utf8");
}

async function start(server: string, ready: string): Promise<void> {
  try {
    const { url } = await makeServer(server);
    await writeFile(`${ready}.new`, url);
    await rename(`${ready}.new`, ready);
  } catch (error) {
    await rm(server, { recursive: true, force: true });
    throw error;
  }
}

async function isFirst(folder: string): Promise<boolean> {
  try {
    await mkdir(folder);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

import { existsSync } from "node:fs";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { findServer } from "./embedded-server.ts";

declare module "vitest" {
  export interface ProvidedContext {
    /** Where the first test that needs a server puts it. */
    readonly postgresFolder: string;
  }
}

/** Runs once, before any test: one server is enough for all of them, and most runs need none. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), "rivulet-postgres-"));
  // The server may be run by another user, who must get to it.
  await chmod(folder, 0o711);
  project.provide("postgresFolder", folder);
  return async () => {
    const server = join(folder, "server");
    if (existsSync(join(server, "server.json"))) await (await findServer(server)).remove();
    await rm(folder, { recursive: true, force: true });
  };
}

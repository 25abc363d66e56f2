import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, type TestContext } from "vitest";
import { installProject, pack, run } from "../packaging/packed.ts";
import { checkMount } from "./check-mount.ts";
import { type DocumentedMount, readMounts } from "./read-mounts.ts";
import { atPort, freePort, runLine, startLine, stopLine, untilHealthy } from "./running-server.ts";

/** Ours, of which a mount names some; the others come with them. */
const OURS = ["core", "domain", "store", "server", "express"];
const KEY = "a-key-of-the-test";

const mounts = readMounts();
const noRegistry = await reasonToSkip();
let folder = "";
let tarballs: ReadonlyMap<string, string> = new Map();

beforeAll(async () => {
  if (noRegistry !== undefined) return;
  folder = await mkdtemp(join(tmpdir(), "rivulet-mounts-"));
  const packed = await Promise.all(OURS.map((name) => pack(`packages/${name}`, folder)));
  tarballs = new Map(OURS.map((name, index) => [name, packed[index]?.filename ?? ""]));
});
afterAll(async () => {
  if (folder !== "") await rm(folder, { recursive: true, force: true });
});

it("every mount that is promised is in the document", () => {
  expect(mounts.map(({ name }) => name)).toEqual([
    "Express 5",
    "Express 4",
    "node:http",
    "Connect",
    "Fastify",
    "Fastify with @fastify/middie",
    "Koa",
    "NestJS",
    "Hono on Node",
    "Hono on Bun",
    "Next.js",
  ]);
});

describe.concurrent("as docs/mounts.md shows it", () => {
  it.for(mounts)("$name serves the dashboard, the API and its events", async (mount, context) => {
    context.skip(noRegistry !== undefined, noRegistry);
    await serve(mount, context);
  });
});

async function serve(mount: DocumentedMount, { onTestFinished }: TestContext): Promise<void> {
  const project = join(folder, mount.name.replaceAll(/\W+/g, "-"));
  const port = await freePort();
  await installProject(project, [...tarballsFor(mount), ...othersOf(mount)]);
  for (const [path, code] of mount.files) {
    await mkdir(dirname(join(project, path)), { recursive: true });
    await writeFile(join(project, path), atPort(code, port));
  }
  const place = { folder: project, port, env: { MLOPS_KEY: KEY, RIVULET_TOKEN: KEY } };
  for (const line of mount.commands.slice(0, -1)) await runLine(line, place);
  expect(existsSync(join(project, ".rivulet"))).toBe(false);
  const server = startLine(mount.commands.at(-1) ?? "", place);
  onTestFinished(() => stopLine(server));
  const origin = `http://localhost:${port}`;
  await untilHealthy(origin, server);
  await checkMount(origin, KEY);
}

/** All of ours that npm would find by itself if they were published. */
function tarballsFor({ packages }: DocumentedMount): readonly string[] {
  const wanted = packages.includes("@rivulet/express")
    ? OURS
    : OURS.filter((name) => name !== "express");
  return wanted.map((name) => tarballs.get(name) ?? "");
}

function othersOf({ packages }: DocumentedMount): readonly string[] {
  return packages.filter((name) => !name.startsWith("@rivulet/"));
}

/** Why the frameworks cannot be installed. */
async function reasonToSkip(): Promise<string | undefined> {
  try {
    await run("npm", ["view", "express", "version"], { timeout: 30_000 });
    return undefined;
  } catch {
    return "no package registry answers";
  }
}

import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, globSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { stripTypeScriptTypes } from "node:module";
import { type AddressInfo, createServer } from "node:net";
import { join, relative } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { aStoreUrl } from "../postgres/store-url.ts";

const ROOT = join(import.meta.dirname, "../..");
const FENCE = /^```ts\n([\s\S]*?)^```$/gm;
const run = promisify(execFile);

interface Example {
  readonly readme: string;
  readonly name: string;
  readonly code: string;
}

const readmes = ["README.md", ...globSync(["packages/*/README.md", "docs/*.md"], { cwd: ROOT })];
const examples = (await Promise.all(readmes.map(readExamples))).flat();
let folder = "";

/** An app that serves until it is stopped. */
function staysUp(code: string): boolean {
  return code.includes("listen(3000");
}

async function readExamples(readme: string): Promise<readonly Example[]> {
  const text = await readFile(join(ROOT, readme), "utf8");
  return [...text.matchAll(FENCE)].map((match, index) => ({
    readme,
    name: `${readme.replace(/\W+/g, "-")}-${index + 1}`,
    code: match[1] ?? "",
  }));
}

/** A folder below the tests, where the packages are found by name. */
beforeAll(async () => {
  const cache = join(import.meta.dirname, "../node_modules/.cache");
  await mkdir(cache, { recursive: true });
  folder = await mkdtemp(join(cache, "readme-"));
  for (const { name, code } of examples) {
    await writeFile(join(folder, `${name}.mts`), code);
    // Node strips no types below node_modules.
    await writeFile(join(folder, `${name}.mjs`), stripTypeScriptTypes(code));
  }
  const config = {
    extends: relative(folder, join(ROOT, "tsconfig.base.json")),
    compilerOptions: {
      noEmit: true,
      rootDir: "/",
      outDir: folder,
      tsBuildInfoFile: join(folder, ".tsbuildinfo"),
      isolatedDeclarations: false,
      lib: ["es2024", "esnext.disposable"],
    },
    include: ["*.mts"],
    exclude: [],
  };
  await writeFile(join(folder, "tsconfig.json"), JSON.stringify(config));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

test.each(globSync("packages/*/package.json", { cwd: ROOT }))(
  "%s has a README beside it",
  (manifest) => {
    const isPrivate = manifest.startsWith("packages/dashboard/");
    expect(isPrivate || existsSync(join(ROOT, manifest, "../README.md"))).toBe(true);
  },
);

test("the examples compile", async () => {
  const args = [join(ROOT, "node_modules/typescript/bin/tsc"), "-p", folder];
  const { stdout } = await run(process.execPath, args).catch((error: { stdout: string }) => error);
  expect(stdout).toBe("");
});

describe("examples run as they stand", () => {
  test("there are some", () => {
    expect(examples.length).toBeGreaterThan(9);
  });

  test.each(examples.filter(({ code }) => !staysUp(code)))("$name", async ({ name }) => {
    const args = ["--conditions=@rivulet/source", join(folder, `${name}.mjs`)];
    const env = { ...process.env, DATABASE_URL: await aStoreUrl() };
    const { stdout, stderr } = await run(process.execPath, args, { env, cwd: folder });
    expect(stderr).toBe("");
    expect(stdout.trim()).not.toBe("");
    expect(stdout).not.toContain("undefined");
  });

  test.each(examples.filter(({ code }) => staysUp(code)))(
    "$name prints the address that opens the dashboard",
    async ({ name }) => {
      const port = await aFreePort();
      const file = join(folder, `${name}.mjs`);
      await writeFile(file, (await readFile(file, "utf8")).replaceAll("3000", String(port)));
      const { RIVULET_STORE: _store, RIVULET_TOKEN: _token, ...env } = process.env;
      const child = spawn(process.execPath, ["--conditions=@rivulet/source", file], {
        cwd: folder,
        env,
        stdio: ["ignore", "pipe", "inherit"],
      });
      onTestFinished(() => {
        child.kill();
      });
      const [line = ""] = await once(createInterface({ input: child.stdout }), "line");
      const { href, hash } = new URL(line);
      expect(href).toBe(`http://localhost:${port}/mlops/${hash}`);
      const headers = { authorization: `Bearer ${hash.slice("#token=".length)}` };
      const runs = await fetch(new URL("api/v1/runs", href), { headers });
      expect(await runs.json()).toMatchObject({ items: [{ params: { rate: "0.1" } }] });
    },
  );
});

async function aFreePort(): Promise<number> {
  const server = createServer().listen(0);
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, beforeAll, expect, it, onTestFinished } from "vitest";
import { pack, ROOT, run } from "./packed.ts";

const FOLDERS = ["domain", "store", "core", "server", "mcp", "express"];

let folder = "";
/** Package name → its tarball, as a package manager is told of it. */
let tarballs: Readonly<Record<string, string>> = {};
let quickstart = { install: "", app: "" };

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "rivulet-newcomer-"));
  const packed = await Promise.all(FOLDERS.map((name) => pack(`packages/${name}`, folder)));
  tarballs = Object.fromEntries(
    FOLDERS.map((name, index) => [`@rivulet/${name}`, `file:${packed[index]?.filename}`]),
  );
  const readme = await readFile(join(ROOT, "README.md"), "utf8");
  quickstart = {
    install: /^```sh\n(npm install .*)\n```$/m.exec(readme)?.[1] ?? "",
    app: /^```ts\n([\s\S]*?)^```$/m.exec(readme)?.[1] ?? "",
  };
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** What the quickstart installs. */
function namedPackages(): readonly string[] {
  return quickstart.install.split(" ").slice(2);
}

/** Where each package manager is told what the packages are that no registry has yet. */
const MANAGERS = [
  {
    name: "npm",
    command: ["npm", "install", "--no-audit", "--no-fund", "--prefer-offline", "--loglevel=error"],
    prepare: async (project: string) => {
      const others = Object.entries(tarballs).filter(([each]) => !namedPackages().includes(each));
      await writeManifest(project, { overrides: Object.fromEntries(others) });
    },
  },
  {
    name: "pnpm",
    command: ["pnpm", "add", "--prefer-offline", "--loglevel=error"],
    prepare: async (project: string) => {
      await writeManifest(project, {});
      const lines = Object.entries(tarballs).map(([name, file]) => `  "${name}": "${file}"`);
      const text = `packages: []\noverrides:\n${lines.join("\n")}\n`;
      await writeFile(join(project, "pnpm-workspace.yaml"), text);
    },
  },
  {
    name: "yarn",
    command: ["npx", "-y", "yarn@1.22.22", "add", "--non-interactive", "--silent"],
    prepare: async (project: string) => {
      await writeManifest(project, { resolutions: tarballs });
    },
  },
] as const;

it.each(MANAGERS)(
  "the quickstart works as pasted into an empty folder with $name",
  async ({ name, command, prepare }) => {
    const project = join(folder, name);
    await mkdir(project);
    await prepare(project);
    const packages = namedPackages();
    expect(packages).toContain("express");
    const [program = "", ...options] = command;
    const wanted = packages.map((each) => tarballs[each] ?? each);
    await run(program, [...options, ...wanted], { cwd: project });

    const port = await aFreePort();
    await writeFile(join(project, "app.mjs"), quickstart.app.replaceAll("3000", String(port)));
    const child = spawn(process.execPath, ["app.mjs"], {
      cwd: project,
      env: { PATH: process.env["PATH"] },
      stdio: ["ignore", "pipe", "inherit"],
    });
    onTestFinished(() => {
      child.kill();
    });
    const [line = ""] = await once(createInterface({ input: child.stdout }), "line");
    const address = new URL(line);
    const headers = { authorization: `Bearer ${address.hash.slice("#token=".length)}` };
    const runs = await fetch(new URL("api/v1/runs", address), { headers });
    expect(await runs.json()).toMatchObject({ items: [{ params: { rate: "0.1" } }] });
    expect(await (await fetch(address)).text()).toContain("<title>Rivulet</title>");
  },
  120_000,
);

/** What `npm init -y` writes since npm 11. */
async function writeManifest(project: string, more: object): Promise<void> {
  const manifest = { name: "app", version: "1.0.0", type: "commonjs", ...more };
  await writeFile(join(project, "package.json"), JSON.stringify(manifest));
}

async function aFreePort(): Promise<number> {
  const server = createServer().listen(0);
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

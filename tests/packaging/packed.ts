import { execFile } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

export const ROOT: string = join(import.meta.dirname, "../..");
export const run = promisify(execFile);

/** What `pnpm pack` says of a tarball. */
interface Packed {
  readonly filename: string;
  readonly files: readonly { readonly path: string }[];
}

/** Packs the built package of a folder as it would be published. */
export async function pack(folder: string, into: string): Promise<Packed> {
  const { stdout } = await run("pnpm", ["pack", "--json", "--pack-destination", into], {
    cwd: join(ROOT, folder),
  });
  return JSON.parse(stdout) as Packed;
}

/** A user's project outside the workspace, installed with plain npm. */
export async function installProject(
  folder: string,
  packages: readonly string[],
): Promise<readonly string[]> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "package.json"), JSON.stringify({ private: true, type: "module" }));
  await addPackages(folder, packages);
  const { stdout } = await run("npm", ["ls", "--all", "--parseable"], { cwd: folder });
  const [, ...installed] = stdout.trim().split("\n");
  return installed.map((path) => path.replace(/^.*node_modules\//, "")).sort();
}

/** Installs more into a user's project. */
export async function addPackages(folder: string, packages: readonly string[]): Promise<void> {
  const options = ["--no-audit", "--no-fund", "--prefer-offline", "--loglevel=error"];
  await run("npm", ["install", ...options, ...packages], { cwd: folder });
}

/** Runs a program of the user's and hands back what it printed. */
export async function runProgram(file: string, ...parameters: readonly string[]): Promise<string> {
  const { stdout } = await run(process.execPath, [file, ...parameters], {
    cwd: join(file, ".."),
    env: { PATH: process.env["PATH"] },
  });
  return stdout;
}

/** An app that records a span and reads it back; its store is the first parameter. */
export const RECORDER = `
const rivulet = createRivulet({ store: process.argv[2] });
const record = async () => {
  await rivulet.withSpan("answer", async (span) => span.setOutput("42"));
  await rivulet.flush();
  const { items } = await rivulet.traces.search();
  await rivulet.close();
  console.log(JSON.stringify(items.map(({ name, status }) => [name, status])));
};
record();
`;

/** An app that mounts everything, and prints what its dashboard and API answer. */
export const MOUNTER = `
const rivulet = createRivulet({ store: "memory:" });
const app = express().use("/ml", mlops(rivulet, { auth: "local" }));
const server = app.listen(0, "127.0.0.1", async () => {
  const url = "http://127.0.0.1:" + server.address().port + "/ml/";
  const page = await (await fetch(url)).text();
  const [, script] = /src="(.\\/assets\\/[^"]+)"/.exec(page);
  const { status, headers } = await fetch(new URL(script, url));
  const me = await (await fetch(new URL("api/v1/me", url))).json();
  console.log(JSON.stringify([status, headers.get("content-type"), me.access]));
  server.close();
  await rivulet.close();
});
`;

/** An app that mounts twice with the `mcp` that it has, and prints what that answers to a client that begins. */
export const ASKS_MCP = `
const rivulet = createRivulet({ store: "memory:" });
const app = express();
const mounts = ["/one", "/two"].map((path) => {
  const mount = mlops(rivulet, { auth: "none", mcp });
  app.use(path, mount);
  return mount;
});
const server = app.listen(0, "127.0.0.1", async () => {
  const answers = await Promise.all(["/one/mcp", "/two/mcp/"].map(async (path) => {
    const response = await fetch("http://127.0.0.1:" + server.address().port + path, {
      method: "POST",
      headers: { "content-type": "application/json", accept: "application/json, text/event-stream" },
      body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: "initialize", params: {
        protocolVersion: "2025-06-18", capabilities: {}, clientInfo: { name: "raw", version: "1" } } }),
    });
    return [response.status, await response.text()];
  }));
  console.log(JSON.stringify(answers));
  for (const mount of mounts) await mount.close();
  server.close();
  await rivulet.close();
});
`;

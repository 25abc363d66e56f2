import { writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { expect, test } from "vitest";
import { aFolder, readSite, run, start } from "./rivulet.ts";

/** An app that runs in a folder on the store that is taken when nothing is said. */
async function anApp() {
  const cwd = await aFolder();
  const site = await readSite(start(["serve", "--port", "0"], { cwd }));
  return { ...site, cwd };
}

test("open without a browser prints the address that signs in, in the folder of the app", async () => {
  const { url, token, cwd } = await anApp();
  expect(await run(["open", url], { cwd })).toEqual({
    code: 0,
    stdout: `${url}#token=${token}\n`,
    stderr: "",
  });
  const port = new URL(url).port;
  const { stdout } = await run(["open", `localhost:${port}`], { cwd });
  expect(stdout).toBe(`http://localhost:${port}/#token=${token}\n`);
});

test("open finds the token of a store that it is told, and of the environment", async () => {
  const { url, token, cwd } = await anApp();
  const store = `sqlite:${join(cwd, ".rivulet", "rivulet.db")}`;
  expect((await run(["open", url, "--store", store])).stdout).toBe(`${url}#token=${token}\n`);
  const env = { RIVULET_TOKEN: token };
  expect((await run(["open", url], { env })).stdout).toBe(`${url}#token=${token}\n`);
});

test("open --print asks nobody", async () => {
  const args = ["open", "--print", "--token", "a b/c", "https://ml.example/mlops/?x=1"];
  expect(await run(args)).toEqual({
    code: 0,
    stdout: "https://ml.example/mlops/?x=1#token=a%20b%2Fc\n",
    stderr: "",
  });
});

async function failing(args: readonly string[], cwd?: string): Promise<string> {
  const options = cwd === undefined ? {} : { cwd };
  const { code, stdout, stderr } = await run(["open", ...args], options);
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  return stderr;
}

test("open says when an app has another token, and when it is not at the address", async () => {
  const { url, cwd } = await anApp();
  expect(await failing([url, "--token", "another-token"])).toMatch(/another token.* --store/);
  expect(await failing([`${url}elsewhere`], cwd)).toMatch(/is no Rivulet at .*elsewhere.* mount/);
});

test("open says why there is no token to take", async () => {
  const folder = await aFolder();
  const path = join(folder, "app.db");
  await writeFile(path, "");
  await writeFile(`${path}.token`, "A".repeat(43), { mode: 0o644 });
  const url = "http://localhost:3000/mlops";
  expect(await failing([url, "--store", "memory:"])).toMatch(/no token beside memory:.* --store/);
  expect(await failing([url, "--store", `sqlite:${path}`])).toMatch(
    /other users can read the file/,
  );
  expect(await failing(["https://ml.example/mlops"])).toMatch(/on this machine/);
});

test("open says when nothing answers", async () => {
  const url = `http://127.0.0.1:${await aFreePort()}/`;
  expect(await failing([url, "--token", "any-token"])).toMatch(/Nothing answers .* app running/);
});

async function aFreePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

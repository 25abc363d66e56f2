import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { aFolder, readSite, start } from "../cli/rivulet.ts";
import { findNginx, startNginx } from "../express/nginx.ts";

const README = join(import.meta.dirname, "../../packages/cli/README.md");
const TOKEN = "a-token-of-ops";
const JSON_TYPE = { "content-type": "application/json" };
const nginx = findNginx();

/** `rivulet serve` behind the nginx of its README. @returns the address that browsers see */
async function aDeployment(path: string): Promise<string> {
  const [, location] = /^```nginx\n([\s\S]*?)^```$/m.exec(await readFile(README, "utf8")) ?? [];
  if (location === undefined) throw new Error("The README has no configuration for nginx.");
  const store = `sqlite:${join(await aFolder(), "app.db")}`;
  const env = { RIVULET_TOKEN: TOKEN };
  const site = await readSite(start(["serve", "--store", store, "--port", "0"], { env }));
  const front = await startNginx(path, location.replace(":5757", `:${new URL(site.url).port}`));
  return `http://127.0.0.1:${front}/rivulet/`;
}

test("the nginx of the README serves sign-in, uploads and live views at a path of its own", async ({
  skip,
}) => {
  if (nginx === undefined) return skip("there is no nginx, and this user may not install one");
  const url = await aDeployment(nginx);
  // As a browser does over plain HTTP, where it tells nothing but the page's origin.
  const signIn = await fetch(`${url}sign-in`, {
    method: "POST",
    headers: { ...JSON_TYPE, origin: new URL(url).origin },
    body: JSON.stringify({ token: TOKEN }),
  });
  expect(signIn.status).toBe(204);
  const headers = { cookie: signIn.headers.get("set-cookie")?.split(";")[0] ?? "" };

  const live = await fetch(`${url}events`, { headers });
  const made = await fetch(`${url}api/v1/runs`, {
    method: "POST",
    headers: { ...headers, ...JSON_TYPE },
    body: "{}",
  });
  const { id } = (await made.json()) as { id: string };
  let seen = "";
  for await (const chunk of live.body ?? []) {
    seen += Buffer.from(chunk).toString();
    if (seen.includes(id)) break;
  }
  expect(seen).toContain(`event: change\ndata: {"entity":"run","ids":["${id}"]}`);

  const upload = await fetch(`${url}api/v1/runs/${id}/artifact?path=model.bin`, {
    method: "PUT",
    headers: { ...headers, "content-type": "application/octet-stream" },
    body: new Uint8Array(2_000_000),
  });
  expect(await upload.json()).toMatchObject({ path: "model.bin", size: 2_000_000 });
});

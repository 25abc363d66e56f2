import type { MlopsOptions } from "@rivulet/express";
import express from "express";
import { afterAll, expect, it, type TestContext } from "vitest";
import { aMountedApp, aSharedRivulet } from "./mounted-app.ts";
import { findNginx, startNginx } from "./nginx.ts";

const TOKEN = "a-token-behind-nginx";
const nginx = findNginx();
const rivulet = aSharedRivulet();
afterAll(() => rivulet.close());

/** What a stranger gets through nginx, and what the holder of the token gets. */
async function statusesBehind(
  { skip }: TestContext,
  { more = "", options }: { readonly more?: string; readonly options: MlopsOptions },
): Promise<readonly number[]> {
  if (nginx === undefined) return skip("there is no nginx, and this user may not install one");
  const { port } = await aMountedApp({ express, rivulet, options });
  const front = await startNginx(nginx, `proxy_pass http://127.0.0.1:${port}; ${more}`);
  const url = `http://127.0.0.1:${front}/mlops/api/v1`;
  const authorization = `Bearer ${TOKEN}`;
  const change = { "content-type": "application/json" };
  const answers = [
    await fetch(`${url}/me`),
    await fetch(`${url}/experiments`, { method: "POST", headers: change, body: '{"name":"x"}' }),
    await fetch(`${url}/me`, { headers: { authorization } }),
  ];
  await Promise.all(answers.map((answer) => answer.arrayBuffer()));
  return answers.map(({ status }) => status);
}

const byDefault: MlopsOptions = { token: TOKEN };

it("an nginx that says nothing of itself but HTTP/1.0 lets nobody in", async (context) => {
  const statuses = await statusesBehind(context, { options: byDefault });
  expect(statuses).toEqual([403, 403, 403]);
});

it("an nginx that says nothing at all lets in whoever has the token", async (context) => {
  const more = 'proxy_http_version 1.1; proxy_set_header Connection "";';
  const statuses = await statusesBehind(context, { more, options: byDefault });
  expect(statuses).toEqual([401, 401, 200]);
});

it("an nginx that says what it is lets nobody in", async (context) => {
  const more = "proxy_http_version 1.1; proxy_set_header X-Real-IP $remote_addr;";
  const statuses = await statusesBehind(context, { more, options: byDefault });
  expect(statuses).toEqual([403, 403, 403]);
});

it("with auth: 'token' whoever has the token gets in through any nginx", async (context) => {
  const more = "proxy_set_header X-Forwarded-For $remote_addr;";
  const statuses = await statusesBehind(context, {
    more,
    options: { auth: "token", token: TOKEN },
  });
  expect(statuses).toEqual([401, 401, 200]);
});

it("with auth: 'local' an nginx that says nothing at all lets everybody in, as documented", async (context) => {
  const more = 'proxy_http_version 1.1; proxy_set_header Connection "";';
  const statuses = await statusesBehind(context, { more, options: { auth: "local" } });
  expect(statuses[0]).toBe(200);
});

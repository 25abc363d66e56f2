import { expect } from "vitest";

/** What a mount that works answers; `key` is for those that ask for one. */
export async function checkMount(origin: string, key: string): Promise<void> {
  const authorization = `Bearer ${key}`;
  const ask = (path: string, { headers = {}, ...init }: Asked = {}) =>
    fetch(`${origin}${path}`, { ...init, headers: { authorization, ...headers } });
  await checkPages(ask);
  await checkApi(ask);
  await checkUpload(ask);
  await checkEvents(ask);
}

interface Asked extends Omit<RequestInit, "headers"> {
  readonly headers?: Readonly<Record<string, string>>;
}
type Ask = (path: string, init?: Asked) => Promise<Response>;

const JSON_TYPE = { "content-type": "application/json" };

/** The page with and without its slash, with a script of it. */
async function checkPages(ask: Ask): Promise<void> {
  for (const path of ["/mlops", "/mlops/"]) {
    const response = await ask(path);
    const page = await response.text();
    expect([path, response.status, response.headers.get("content-type")]).toEqual([
      path,
      200,
      "text/html; charset=utf-8",
    ]);
    expect(response.headers.get("content-security-policy")).toContain("base-uri 'none'");
    const [, script] = /"(?:\.\/)?(assets\/index-[^"]+\.js)"/.exec(page) ?? [];
    const file = await ask(`/mlops/${script}`);
    expect(file.headers.get("content-type")).toBe("text/javascript; charset=utf-8");
    expect((await file.text()).length).toBeGreaterThan(10_000);
  }
}

async function checkApi(ask: Ask): Promise<void> {
  const body = JSON.stringify({ name: "größe", tags: { team: "x".repeat(500) } });
  const created = await ask("/mlops/api/v1/experiments", {
    method: "POST",
    headers: JSON_TYPE,
    body,
  });
  expect([created.status, ((await created.json()) as { name: string }).name]).toEqual([
    200,
    "größe",
  ]);
  const records = Array.from({ length: 200 }, (_, n) => ({ inputs: `${n}${"x".repeat(1000)}` }));
  const dataset = await ask("/mlops/api/v1/datasets", {
    method: "POST",
    headers: JSON_TYPE,
    body: JSON.stringify({ name: "more than a parser takes", records }),
  });
  expect(await dataset.json()).toMatchObject({ recordCount: 200 });
  const none = await ask("/mlops/api/v1/none?x=1");
  expect([none.status, await none.json()]).toEqual([
    404,
    { error: { code: "not_found", message: "There is nothing at this path." } },
  ]);
}

/** Bytes come as they were sent, and go as they came. */
async function checkUpload(ask: Ask): Promise<void> {
  const run = await ask("/mlops/api/v1/runs", { method: "POST", headers: JSON_TYPE, body: "{}" });
  const { id } = (await run.json()) as { id: string };
  const address = `/mlops/api/v1/runs/${id}/artifact?path=a.bin`;
  const sent = Uint8Array.from({ length: 150_000 }, (_, index) => index);
  const headers = { "content-type": "application/octet-stream" };
  const kept = await ask(address, { method: "PUT", headers, body: sent });
  expect(kept.status).toBe(200);
  const read = await ask(address);
  expect(Buffer.from(await read.arrayBuffer()).equals(Buffer.from(sent))).toBe(true);
}

/** Events come while the response is still open. */
async function checkEvents(ask: Ask): Promise<void> {
  const controller = new AbortController();
  const events = await ask("/mlops/events", { signal: controller.signal });
  expect(events.headers.get("content-type")).toBe("text/event-stream; charset=utf-8");
  const first = await events.body?.getReader().read();
  expect(new TextDecoder().decode(first?.value)).toContain("retry: 2000");
  controller.abort();
}

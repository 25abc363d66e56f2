import type { RequestHandler } from "express";
import { afterAll, describe, expect, it } from "vitest";
import { aMountedApp, aSharedRivulet, EXPRESS } from "./mounted-app.ts";

const rivulet = aSharedRivulet();
afterAll(() => rivulet.close());

// Node prints each warning; here dozens are provoked.
process.removeAllListeners("warning");

const JSON_TYPE = { "content-type": "application/json" };

describe.each(EXPRESS)("on %s", (version, express) => {
  const rawBody: RequestHandler[] = [
    express.json({
      verify: (request, _response, buffer) => {
        Object.assign(request, { rawBody: buffer });
      },
    }),
  ];
  const parsers: [string, RequestHandler[]][] = [
    ["no parser", []],
    ["json()", [express.json()]],
    ["json() and urlencoded()", [express.json(), express.urlencoded({ extended: true })]],
    ["raw() for everything", [express.raw({ type: () => true })]],
    ["text() for everything", [express.text({ type: () => true })]],
    ["json() that keeps the bytes", rawBody],
  ];

  describe.each(parsers)("behind %s", (name, before) => {
    const start = () => aMountedApp({ express, rivulet, before });
    const post = (body: string | Uint8Array, headers: Readonly<Record<string, string>>) => ({
      path: "/mlops/api/v1/runs",
      method: "POST",
      headers,
      body,
    });

    it("JSON arrives", async () => {
      const { ask } = await start();
      const { status, body } = await ask(post('{"name":"größe"}', JSON_TYPE));
      expect({ ...JSON.parse(body), status }).toMatchObject({ status: 200, name: "größe" });
    });

    it("compressed JSON arrives", async () => {
      const { ask } = await start();
      const stream = new Blob(['{"name":"small"}']).stream();
      const body = await new Response(stream.pipeThrough(new CompressionStream("gzip"))).bytes();
      const answer = await ask(post(body, { ...JSON_TYPE, "content-encoding": "gzip" }));
      expect({ ...JSON.parse(answer.body), status: answer.status }).toMatchObject({
        status: 200,
        name: "small",
      });
    });

    it.each(["application/x-www-form-urlencoded", "text/plain", "multipart/form-data; boundary=b"])(
      "%s is refused, and nothing hangs",
      async (type) => {
        const { ask } = await start();
        expect((await ask(post("name=x", { "content-type": type }))).status).toBe(415);
      },
    );

    it("a request without a body is no trouble", async () => {
      const { ask } = await start();
      const path = "/mlops/api/v1/experiments/0/restore";
      expect((await ask({ path, method: "POST" })).status).toBe(200);
    });

    it("an upload is kept byte by byte, or refused with what to do", async () => {
      const { ask } = await start();
      const run = await rivulet.runs.start();
      const sent = new Uint8Array([1, 255, 0, 13, 10]);
      const answer = await ask({
        path: `/mlops/api/v1/runs/${run.id}/artifact?path=a.bin`,
        method: "PUT",
        headers: { "content-type": "application/octet-stream" },
        body: sent,
      });
      if (name === "text() for everything") {
        expect(answer).toMatchObject({
          status: 500,
          body: expect.stringContaining("Mount Rivulet before the parsers"),
        });
        return;
      }
      expect(answer.status).toBe(200);
      const { content } = await rivulet.artifacts.get({ runId: run.id, path: "a.bin" });
      expect(new Uint8Array(content)).toEqual(sent);
    });

    it("an uploaded JSON file is kept byte by byte, or refused", async () => {
      const { ask } = await start();
      const run = await rivulet.runs.start();
      const answer = await ask({
        path: `/mlops/api/v1/runs/${run.id}/artifact?path=a.json`,
        method: "PUT",
        headers: JSON_TYPE,
        body: '{ "a":   1 }',
      });
      const rewrites = ["json()", "json() and urlencoded()", "text() for everything"];
      expect(answer.status).toBe(rewrites.includes(name) ? 500 : 200);
      if (rewrites.includes(name)) return;
      const { content } = await rivulet.artifacts.get({ runId: run.id, path: "a.json" });
      expect(Buffer.from(content).toString()).toBe('{ "a":   1 }');
    });
  });

  it("a parser that keeps nothing makes a 500 that says what to do", async () => {
    const eater: RequestHandler = (request, _response, next) => {
      request.resume();
      request.once("end", next);
    };
    const { ask } = await aMountedApp({ express, rivulet, before: [eater] });
    const message = { path: "/mlops/api/v1/runs", method: "POST", headers: JSON_TYPE, body: "{}" };
    expect(await ask(message)).toMatchObject({
      status: 500,
      body: expect.stringContaining("Mount Rivulet before the parsers"),
    });
  });

  it("a parser in front is warned of once", async () => {
    const { ask } = await aMountedApp({ express, rivulet, before: [express.json()] });
    const warnings: unknown[] = [];
    const listener = (warning: Error): void => {
      if ("code" in warning && warning.code === "RIVULET_BODY_PARSED") warnings.push(warning);
    };
    process.on("warning", listener);
    const message = { path: "/mlops/api/v1/runs", method: "POST", headers: JSON_TYPE, body: "{}" };
    for (let n = 0; n < 3; n += 1) await ask(message);
    process.off("warning", listener);
    expect(warnings).toHaveLength(1);
  });

  it("without a parser in front a body of 200 kB is no trouble", async () => {
    const { ask } = await aMountedApp({ express, rivulet });
    const records = Array.from({ length: 200 }, (_, n) => ({ inputs: `${n}${"x".repeat(1000)}` }));
    const { status, body } = await ask({
      path: "/mlops/api/v1/datasets",
      method: "POST",
      headers: JSON_TYPE,
      body: JSON.stringify({ name: `large on ${version}`, records }),
    });
    expect({ ...JSON.parse(body), status }).toMatchObject({ status: 200, recordCount: 200 });
  });
});

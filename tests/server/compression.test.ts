import { brotliDecompressSync, gunzipSync } from "node:zlib";
import type { HandlerExtension } from "@rivulet/server";
import { afterAll, describe, expect, it } from "vitest";
import { aHandler, aRivulet, LOCAL } from "./api-client.ts";

const { rivulet, close } = aRivulet("memory:");
afterAll(close);

const LONG = JSON.stringify({ text: "to and fro ".repeat(200) });
const HUGE = JSON.stringify({ text: "to and fro ".repeat(200_000) });

/** Answers with what the query names. */
const answers: HandlerExtension = {
  name: "answers",
  routes: [
    {
      method: "GET",
      path: "/answer",
      access: "read",
      handle: ({ query }) => {
        const text = { long: LONG, huge: HUGE, least: "x".repeat(1024), short: "x".repeat(1023) };
        const body = text[query.get("body") as keyof typeof text];
        const headers = new Headers({ "content-type": query.get("type") ?? "application/json" });
        if (!query.has("unknown")) headers.set("content-length", String(body.length));
        for (const name of ["etag", "cache-control", "content-encoding", "content-range"]) {
          const value = query.get(name);
          if (value !== null) headers.set(name, value);
        }
        return new Response(body, { headers });
      },
    },
  ],
};
const handler = aHandler(rivulet, { extensions: [answers] });

async function get(query: string, accepted?: string, method = "GET") {
  const init = { method, headers: accepted === undefined ? {} : { "accept-encoding": accepted } };
  const request = new Request(`http://localhost/answer?${query}`, init);
  const response = await handler(request, LOCAL);
  const bytes = Buffer.from(await response.arrayBuffer());
  const header = (name: string) => response.headers.get(name);
  return { bytes, header, encoding: header("content-encoding") };
}

describe("an answer", () => {
  it.each([
    ["gzip", "gzip"],
    ["gzip, deflate, br", "br"],
    ["br;q=0.5, gzip;q=0.8", "gzip"],
    ["gzip;q=0.5, *", "br"],
    ["*", "br"],
    ["BR", "br"],
    ["br;q=0, gzip", "gzip"],
    ["br;q=0, gzip;q=0", null],
    ["br;q=-1, gzip;q=-1", null],
    ["br;q=-1", null],
    ["br;q=much, gzip;q=", null],
    ["deflate", null],
    ["identity", null],
    ["", null],
    [undefined, null],
  ])("to %j comes with the encoding %j", async (accepted, encoding) => {
    const answer = await get("body=long", accepted);
    expect(answer.encoding).toBe(encoding);
    expect(answer.header("vary")).toBe("accept-encoding");
    expect(decoded(answer)).toBe(LONG);
  });

  it("says how long it is, compressed", async () => {
    const { bytes, header } = await get("body=long", "br");
    expect(bytes.byteLength).toBeLessThan(LONG.length / 10);
    expect(header("content-length")).toBe(String(bytes.byteLength));
  });

  it.each(["body=huge", "body=long&unknown"])(
    "that is long, or as long as nobody knows (%s), is compressed piece by piece",
    async (query) => {
      const answer = await get(query, "gzip");
      expect([answer.encoding, answer.header("content-length")]).toEqual(["gzip", null]);
      expect(decoded(answer)).toBe(query === "body=huge" ? HUGE : LONG);
    },
  );

  it.each([
    ["shorter than 1 kB", "body=short", null, null],
    ["1 kB long", "body=least", "gzip", "accept-encoding"],
    ["a picture", "body=long&type=image/png", null, null],
    ["a drawing", "body=long&type=image/svg%2Bxml", "gzip", "accept-encoding"],
    ["of bytes", "body=long&type=application/octet-stream", null, null],
    ["a stream of events", "body=long&type=text/event-stream", null, null],
    ["not to be changed", "body=long&cache-control=no-transform", null, null],
    ["a part of the whole", "body=long&content-range=bytes 0-1/2", null, null],
  ])("that is %s (%s) has the encoding %j", async (_what, query, ...expected) => {
    const { encoding, header } = await get(query, "gzip");
    expect([encoding, header("vary")]).toEqual(expected);
  });

  it("that is compressed already stays as it is", async () => {
    const { bytes, encoding } = await get("body=long&content-encoding=zstd", "gzip");
    expect([encoding, bytes.toString()]).toEqual(["zstd", LONG]);
  });

  it("has a weak tag when it is compressed", async () => {
    const tag = encodeURIComponent('"abc"');
    expect((await get(`body=long&etag=${tag}`, "gzip")).header("etag")).toBe('W/"abc"');
    expect((await get(`body=long&etag=${tag}`)).header("etag")).toBe('"abc"');
  });

  it.each([
    ["gzip", [0, null, "gzip", 'W/"abc"']],
    ["identity", [0, String(LONG.length), null, '"abc"']],
  ])("to HEAD has no body, and the head of what GET gets (%s)", async (accepted, expected) => {
    const { bytes, header } = await get("body=long&etag=%22abc%22", accepted, "HEAD");
    const names = ["content-length", "content-encoding", "etag"];
    expect([bytes.byteLength, ...names.map(header)]).toEqual(expected);
  });
});

it("answers to Next.js are not compressed, because it takes away the header that says so", async () => {
  const headers = { "accept-encoding": "gzip, br" };
  const request = new Request("http://localhost/api/v1/openapi.json", { headers });
  const answer = await handler(Object.assign(request, { nextUrl: new URL(request.url) }), LOCAL);
  expect(answer.headers.get("content-encoding")).toBeNull();
  expect(await answer.json()).toHaveProperty("openapi");
});

it("lists of the API are compressed, and small ones are not", async () => {
  const ask = (path: string) =>
    handler(
      new Request(`http://localhost${path}`, { headers: { "accept-encoding": "br" } }),
      LOCAL,
    );
  const document = await ask("/api/v1/openapi.json");
  expect(document.headers.get("content-encoding")).toBe("br");
  const text = brotliDecompressSync(await document.arrayBuffer()).toString();
  expect(JSON.parse(text)).toHaveProperty("openapi");
  expect((await ask("/api/v1/me")).headers.get("content-encoding")).toBeNull();
});

function decoded({ bytes, encoding }: { bytes: Buffer; encoding: string | null }): string {
  if (encoding === "br") return brotliDecompressSync(bytes).toString();
  return (encoding === "gzip" ? gunzipSync(bytes) : bytes).toString();
}

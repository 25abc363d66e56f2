import { LIMITS } from "@rivulet/domain";
import { expect, test } from "vitest";
import { openClient } from "./client.ts";

const KEY = "sk-proj-abcdefghijklmnopqrstuv";

test("hides credentials by key and by value, and leaves the user's objects alone", async () => {
  const { rivulet, spans } = openClient();
  const request = {
    headers: { Authorization: "Basic dTpw", "set-cookie": ["a=1", "b=2"], accept: "text/html" },
    body: {
      "x-api-key": "12345",
      openaiApiKey: KEY,
      maxTokens: 5,
      password: "",
      note: `use ${KEY} or Bearer abcdefghijklmnop`,
    },
    schema: { password: { type: "string" } },
  };
  const before = structuredClone(request);
  const span = rivulet.startSpan("http", { input: request, attributes: { client_secret: "s" } });
  span.end({
    output: [{ text: `key: ${KEY}` }, "risk-assessment-is-not-a-key"],
    error: new Error(`bad key ${KEY}`),
  });

  const { http } = await spans(span.traceId);
  expect(request).toEqual(before);
  expect(http?.input).toEqual({
    headers: {
      Authorization: "[masked]",
      "set-cookie": ["[masked]", "[masked]"],
      accept: "text/html",
    },
    body: {
      "x-api-key": "[masked]",
      openaiApiKey: "[masked]",
      maxTokens: 5,
      password: "",
      note: "use sk-[masked] or Bearer [masked]",
    },
    schema: { password: { type: "string" } },
  });
  expect(http?.attributes).toEqual({ client_secret: "[masked]" });
  expect(http?.output).toEqual([{ text: "key: sk-[masked]" }, "risk-assessment-is-not-a-key"]);
  expect(http?.statusMessage).toBe("bad key sk-[masked]");
  expect(JSON.stringify(http)).not.toContain(KEY);
});

test("leaves credentials when that is switched off", async () => {
  const { rivulet, spans } = openClient({ maskSecrets: false });
  const span = rivulet.startSpan("http", { input: { password: "p" } });
  span.end();
  expect((await spans(span.traceId))["http"]?.input).toEqual({ password: "p" });
});

test("gives the user's mask each value with its key, after the built-in one", async () => {
  const seen: string[] = [];
  const { rivulet, spans } = openClient({
    mask: (value, { key }) => {
      seen.push(key);
      return key === "email" ? "[email]" : value;
    },
  });
  const input = { users: [{ email: "ada@example.org", age: 36 }], password: "p" };
  const span = rivulet.startSpan("mail", { input });
  span.end();

  const { mail } = await spans(span.traceId);
  expect(mail?.input).toEqual({ users: [{ email: "[email]", age: 36 }], password: "[masked]" });
  expect(input.users[0]?.email).toBe("ada@example.org");
  expect(seen).toEqual(["input", "users", "users", "email", "age", "password"]);
});

test("stores a note instead of the value when the mask throws, and reports it", async () => {
  const { rivulet, spans, errors } = openClient({
    mask: (value, { key }) => {
      if (key === "card") throw new Error("mask is broken");
      return value;
    },
  });
  const span = rivulet.startSpan("pay", { input: { card: "4111", amount: 5 } });
  span.end();
  expect((await spans(span.traceId))["pay"]?.input).toEqual({ card: "[mask failed]", amount: 5 });
  expect(errors.map(({ message }) => message)).toEqual(["mask is broken"]);
});

test("the user's mask sees what is too long to be stored, before it is cut", async () => {
  const { rivulet, spans } = openClient({
    mask: (value) => (String(value).includes("middle") ? "found" : value),
  });
  const half = "x".repeat(LIMITS.spanBytes);
  const span = rivulet.startSpan("long", { input: `${half}middle${half}` });
  span.end();
  expect((await spans(span.traceId))["long"]?.input).toBe("found");
});

test("a mask that makes ever deeper values is stopped after 64 levels", async () => {
  const { rivulet, spans } = openClient({ mask: (value) => ({ value }) });
  const span = rivulet.startSpan("wrapped", { input: 1 });
  span.end();
  const text = JSON.stringify((await spans(span.traceId))["wrapped"]?.input);
  expect(text.match(/"value":/g)).toHaveLength(64);
});

test("the user's mask sees every value from its beginning to its end, however many there were before", async () => {
  const { rivulet, spans } = openClient({ mask: (value) => value });
  const input = Array.from({ length: 9_000 }, () => 1);
  for (let index = 0; index < 6; index++) rivulet.startSpan("before", { input }).end();
  const span = rivulet.startSpan("last", { input });
  span.end();
  expect((await spans(span.traceId))["last"]?.input).toEqual(input);
});

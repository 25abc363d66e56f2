import { type Failure, readFailure } from "@rivulet/core";
import { expect, test } from "vitest";
import { openFileClient } from "./client.ts";
import { revoked } from "./hostile-arbitrary.ts";

const { rivulet, spans } = openFileClient();

function circular(): Error {
  const error = new Error("outer");
  const inner = new TypeError("inner", { cause: error });
  error.cause = inner;
  return error;
}

class Refused extends Error {
  readonly code = "ECONNREFUSED";
}

test.each<[string, unknown, Partial<Failure>]>([
  ["a plain object", { message: "limited", code: "rate" }, { message: "limited", code: "rate" }],
  [
    "an answer of OpenAI's",
    { error: { message: "No credit.", type: "insufficient_quota", code: null } },
    { message: "No credit.", code: "insufficient_quota" },
  ],
  [
    "an answer of Anthropic's",
    { type: "error", error: { type: "overloaded_error", message: "Overloaded" } },
    { message: "Overloaded", code: "overloaded_error" },
  ],
  ["an object that says nothing", { a: 1 }, { message: '{"a":1}', type: undefined }],
  ["nothing", undefined, { message: "undefined was thrown", type: undefined, causes: [] }],
  ["null", null, { message: "null" }],
  ["a text", "stop", { message: "stop" }],
  [
    "a revoked proxy",
    revoked(),
    { message: expect.stringContaining("unreadable"), status: "error" },
  ],
  ["an error with colours", new Error("\u001b[31mred\u001b[39m"), { message: "red" }],
  [
    "an error that is its own cause's cause",
    circular(),
    {
      message: "outer",
      causes: [{ type: "TypeError", message: "inner", code: undefined, httpStatus: undefined }],
    },
  ],
  [
    "several errors",
    new AggregateError([new Refused("::1"), new Refused("127.0.0.1")]),
    {
      type: "AggregateError",
      message: "2 errors: ::1; 127.0.0.1",
      causes: [
        { type: "Refused", message: "::1", code: "ECONNREFUSED", httpStatus: undefined },
        { type: "Refused", message: "127.0.0.1", code: "ECONNREFUSED", httpStatus: undefined },
      ],
    },
  ],
])("of %s is kept what it says", (_, thrown, known) => {
  expect(readFailure(thrown)).toMatchObject(known);
});

test.each<[string, object, object]>([
  ["OpenAI's client", { status: 429, requestID: "req_1" }, { httpStatus: 429, requestId: "req_1" }],
  [
    "Anthropic's client",
    { status: 529, headers: new Headers({ "request-id": "req_2" }) },
    { httpStatus: 529, requestId: "req_2" },
  ],
  [
    "the AI SDK",
    { statusCode: 503, responseHeaders: { "x-request-id": "req_3" } },
    { httpStatus: 503, requestId: "req_3" },
  ],
  [
    "Amazon's client",
    { $metadata: { httpStatusCode: 400, requestId: "req_4" } },
    { httpStatus: 400, requestId: "req_4" },
  ],
  [
    "axios",
    { response: { status: 500, headers: { "x-request-id": "req_5" } } },
    { httpStatus: 500, requestId: "req_5" },
  ],
])("a span says status and request of a failure of %s", async (_, fields, said) => {
  const span = rivulet.startSpan("call");
  span.end({ error: Object.assign(new Error("failed"), fields) });
  const { call } = await spans(span.traceId);
  expect(call).toMatchObject({ status: "error", attributes: said });
});

test.each<[string, unknown]>([
  ["undefined", undefined],
  ["null", null],
  ["false", false],
  ["a symbol", Symbol("thrown")],
  ["a function", (): void => undefined],
  ["a revoked proxy", revoked()],
  ["a promise", Promise.resolve()],
  ["an object without a prototype", Object.create(null)],
])("a span in which %s is thrown has failed", async (_, thrown) => {
  let traceId = "";
  try {
    rivulet.withSpan("work", (span) => {
      traceId = span.traceId;
      throw thrown;
    });
  } catch (error) {
    expect(Object.is(error, thrown)).toBe(true);
  }
  const { work } = await spans(traceId);
  expect(work).toMatchObject({ status: "error", statusMessage: expect.stringMatching(/./) });
});

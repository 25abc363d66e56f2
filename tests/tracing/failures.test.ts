import { type Failure, failureEnd, readFailure } from "@rivulet/core";
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
    "an answer of OpenAI's with both",
    { error: { message: "No.", type: "invalid_request_error", code: "model_not_found" } },
    { message: "No.", code: "model_not_found", providerType: "invalid_request_error" },
  ],
  [
    "an error of the AI SDK",
    { message: "No.", data: { error: { type: "server_error", code: "overloaded" } } },
    { message: "No.", code: "overloaded", providerType: "server_error" },
  ],
  [
    "an answer of Anthropic's",
    { type: "error", error: { type: "overloaded_error", message: "Overloaded" } },
    { message: "Overloaded", code: "overloaded_error" },
  ],
  [
    "Anthropic's client, which LangChain adds a code to",
    {
      message: "busy",
      error: { type: "error", error: { type: "overloaded_error", message: "Overloaded" } },
      lc_error_code: "MODEL_RATE_LIMIT",
    },
    { message: "busy", code: "overloaded_error" },
  ],
  [
    "Google's package",
    { message: "denied", data: { error: { code: 401, status: "UNAUTHENTICATED" } } },
    { code: "UNAUTHENTICATED" },
  ],
  [
    "Mistral's client",
    { message: "limited", body: '{"object":"error","code":"1300"}' },
    { code: "1300" },
  ],
  [
    "a timeout, whose number says nothing,",
    new DOMException("late", "TimeoutError"),
    { code: undefined },
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

const LATE = new DOMException("late", "TimeoutError");
const ABORT = new DOMException("stopped", "AbortError");
const BROKEN = new Error("broken");

interface Stopped {
  readonly thrown: unknown;
  readonly stop?: AbortSignal;
  readonly end: object;
}

test.each<[string, Stopped]>([
  ["nothing could stop", { thrown: BROKEN, end: { error: BROKEN } }],
  [
    "something could have stopped",
    { thrown: BROKEN, stop: new AbortController().signal, end: { error: BROKEN } },
  ],
  [
    "the app has stopped",
    { thrown: BROKEN, stop: AbortSignal.abort(), end: { error: BROKEN, status: "cancelled" } },
  ],
  [
    "the app has stopped for a reason",
    { thrown: "bye", stop: AbortSignal.abort("bye"), end: { error: "bye", status: "cancelled" } },
  ],
  ["a timeout has stopped", { thrown: ABORT, stop: AbortSignal.abort(LATE), end: { error: LATE } }],
  [
    "a timeout has stopped, and says so,",
    { thrown: LATE, stop: AbortSignal.abort(LATE), end: { error: LATE } },
  ],
  [
    "has failed when a timeout had stopped it",
    { thrown: BROKEN, stop: AbortSignal.abort(LATE), end: { error: BROKEN } },
  ],
  [
    "has a signal that cannot be read",
    { thrown: BROKEN, stop: revoked() as AbortSignal, end: { error: BROKEN } },
  ],
])("work that %s ends as what it was", (_, { thrown, stop, end }) => {
  expect(failureEnd(thrown, stop)).toEqual(end);
});

test("an error whose class a bundler has given a short name is of type Error", () => {
  class Short extends Error {}
  Object.defineProperty(Short, "name", { value: "tV" });
  const types = [new Refused("no"), new Short("no")].map((error) => readFailure(error).type);
  expect(types).toEqual(["Refused", "Error"]);
});

test.each([
  ["redirect()", "NEXT_REDIRECT;push;/done;303;", 303],
  ["notFound()", "NEXT_HTTP_ERROR_FALLBACK;404", 404],
])(
  "what %s of Next.js throws is an answer, and no failure of the work",
  async (_, digest, status) => {
    const thrown = Object.assign(new Error("NEXT"), { digest });
    const fail = (): never => {
      throw thrown;
    };
    let traceId = "";
    const work = async (): Promise<void> => {
      traceId = rivulet.activeSpan()?.traceId ?? "";
      await rivulet.withSpan("later", async () => fail());
    };
    await expect(rivulet.withSpan("action", work)).rejects.toBe(thrown);
    const { action, later } = await spans(traceId);
    const answered = {
      status: "ok",
      events: [],
      attributes: { "http.response.status_code": status },
    };
    expect([action, later]).toMatchObject([answered, answered]);
  },
);

import { createRivulet, RivuletError } from "@rivulet/core";
import { mlops } from "@rivulet/express";
import { createMcpServer, mcpExtension } from "@rivulet/mcp";
import { createHandler } from "@rivulet/server";
import { afterAll, expect, test } from "vitest";

const rivulet = createRivulet({ store: "memory:" });
afterAll(() => rivulet.close());

function refusalOf(start: () => unknown): string {
  try {
    start();
  } catch (error) {
    if (error instanceof RivuletError) return `${error.code}: ${error.message}`;
    throw error;
  }
  return "started";
}

test.each([
  [{ reedOnly: true }, "There is no option reedOnly of the handler. Did you mean readOnly?"],
  [{ readOnly: "yes" }, 'Option readOnly of the handler is true or false, not "yes".'],
  [
    { auth: "locl" },
    "Option auth of the handler is a function, 'token', 'local' or 'none', not \"locl\".",
  ],
  [
    { access: "reader" },
    'Option access of the handler is public, ingest, read, annotate, write, admin, not "reader".',
  ],
  [
    { allowedHosts: "app.example" },
    'Option allowedHosts of the handler is a list of texts, not "app.example".',
  ],
  [{ maxBodyBytes: 0 }, "Option maxBodyBytes of the handler is a number of bytes, not 0."],
  [
    { maxEventStreams: 1.5 },
    "Option maxEventStreams of the handler is a whole number, 0 or more, not 1.5.",
  ],
])("a handler does not start with %j", (options, message) => {
  const expected = `invalid_argument: ${message}`;
  expect(refusalOf(() => createHandler(rivulet, options as never))).toBe(expected);
  expect(refusalOf(() => mlops(rivulet, options as never))).toBe(expected);
});

test("an option that is undefined counts as absent", async () => {
  const handler = createHandler(rivulet, { auth: "local", readOnly: undefined } as never);
  await handler.close();
});

test("misspelt options of MCP are refused when the app starts, not with the first request", () => {
  const misspelt = { alowWrites: true } as never;
  expect([
    refusalOf(() => mlops(rivulet, { mcp: misspelt })),
    refusalOf(() => mcpExtension(rivulet, misspelt)),
    refusalOf(() => createMcpServer(rivulet, misspelt)),
  ]).toEqual([
    "invalid_argument: There is no option alowWrites of mcp. Did you mean allowWrites?",
    "invalid_argument: There is no option alowWrites of the MCP server. Did you mean allowWrites?",
    "invalid_argument: There is no option alowWrites of the MCP server. Did you mean allowWrites?",
  ]);
});

import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { PassThrough } from "node:stream";
import { expect, test } from "vitest";

type Stream = PassThrough & { readonly isTTY: boolean };

const PACKAGE = dirname(createRequire(import.meta.url).resolve("rivulet/package.json"));
const { confirm } = (await import(join(PACKAGE, "src", "operations", "confirm.ts"))) as {
  readonly confirm: (
    what: string,
    terminal: { readonly input: Stream; readonly output: Stream },
  ) => Promise<boolean>;
};

function aStream(isTTY = true): Stream {
  return Object.assign(new PassThrough(), { isTTY });
}

test.each([
  ["y\n", true],
  ["Yes \n", true],
  ["n\n", false],
  ["\n", false],
  ["yep\n", false],
  ["", false],
])("the answer %j on a terminal goes on: %s", async (answer, goesOn) => {
  const [input, output] = [aStream(), aStream()];
  const confirmed = confirm("Removes the model.", { input, output });
  input.end(answer);
  expect(await confirmed).toBe(goesOn);
  expect(String(output.read())).toContain("Removes the model. Go on? [y/N] ");
});

test.each([
  ["input", aStream(false), aStream()],
  ["output", aStream(), aStream(false)],
])("nobody is asked where the %s is no terminal", async (_which, input, output) => {
  expect(await confirm("Removes the model.", { input, output })).toBe(true);
  expect(output.read()).toBeNull();
});

import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { aFolder } from "../store/folder.ts";

const run = promisify(execFile);
const CHILD = fileURLToPath(new URL("children/executed-files.ts", import.meta.url));

/**
 * What a newcomer reads to follow one call from LangChain to the spool. For the same work it may only become less; of
 * these, masking is four and sampling three.
 */
const MOST_FILES = 44;

test("one call of a model executes few files of ours on the app's thread", async () => {
  const args = ["--conditions=@rivulet/source", CHILD, `sqlite:${await aFolder()}/rivulet.db`];
  const { stdout } = await run(process.execPath, args);
  const files = JSON.parse(stdout) as readonly string[];
  expect(files).toContain("core/src/tracing/recorded-span.ts");
  expect(files.length).toBeLessThanOrEqual(MOST_FILES);
});

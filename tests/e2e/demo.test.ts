import { execFile } from "node:child_process";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, onTestFinished, test } from "vitest";

const run = promisify(execFile);
const SCRIPT = fileURLToPath(new URL("run-demo.ts", import.meta.url));

test("the demo does the main job once, checks it, and leaves nothing behind", async () => {
  const folder = await mkdtemp(join(tmpdir(), "rivulet-demo-test-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const { OPENAI_API_KEY: _key, OPENAI_BASE_URL: _url, ...env } = process.env;
  // A process that ends with another code rejects here, with all it said.
  const { stdout, stderr } = await run(
    process.execPath,
    ["--disable-warning=ExperimentalWarning", "--conditions=@rivulet/source", SCRIPT],
    { cwd: folder, env: { ...env, TMPDIR: folder }, timeout: 120_000 },
  );

  expect(stderr).toBe("");
  expect(stdout).toMatch(/dashboard {7}http:\/\/127\.0\.0\.1:\d+\/mlops\n/);
  expect(stdout).toContain("local-rules-1, a small model of rules in this process");
  expect(stdout).toMatch(/random-forest +40 epochs +validation 96\.7 % +test 90\.0 %/);
  expect(stdout).toContain("iris-classifier version 1 (random-forest) is now in production");
  expect(stdout).toContain("LangChain agent: 12 questions answered");
  expect(stdout).toContain("AI SDK tool loop: 12 questions answered");
  expect(stdout).toContain("24 examples from 24 traces");
  expect(stdout).toMatch(/correct +0\.\d\d +0\.\d\d +\+.*\[\+.*\] .* better/);
  expect(stdout).toMatch(/names_source +0\.00 +1\.00 .* better/);
  expect(stdout).toContain("version 2 is better: production now points to it");
  expect(stdout).toContain("prompts: iris-assistant; filled in, it has 2 messages");
  expect(stdout).toMatch(/search_runs: .*random-forest/);
  expect(stdout).toMatch(/✓ all \d+ results were read back and are as they should be\n$/);
  expect(await readdir(folder)).toEqual([]);
}, 150_000);

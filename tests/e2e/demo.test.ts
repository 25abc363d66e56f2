import { execFile } from "node:child_process";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, onTestFinished, test } from "vitest";
import { startFakeProvider } from "./fake-provider.ts";

const run = promisify(execFile);
const SCRIPT = fileURLToPath(new URL("run-demo.ts", import.meta.url));
const FLAGS = ["--disable-warning=ExperimentalWarning", "--conditions=@rivulet/source"];

/** The demo as a process of its own. One that ends with another code than 0 rejects, with all it said. */
async function runDemo(
  provider: Readonly<Record<string, string>>,
): Promise<{ readonly stdout: string; readonly stderr: string; readonly left: string[] }> {
  const folder = await mkdtemp(join(tmpdir(), "rivulet-demo-test-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const {
    OPENAI_API_KEY: _key,
    OPENAI_BASE_URL: _url,
    OPENAI_MODEL: _model,
    RIVULET_TOKEN: _token,
    ...env
  } = process.env;
  const { stdout, stderr } = await run(process.execPath, [...FLAGS, SCRIPT], {
    cwd: folder,
    env: { ...env, TMPDIR: folder, ...provider },
    timeout: 120_000,
  });
  return { stdout, stderr, left: await readdir(folder) };
}

test("the demo does the main job once, checks it, and leaves nothing behind", async () => {
  const { stdout, stderr, left } = await runDemo({});

  expect(stderr).toBe("");
  expect(stdout).toMatch(/dashboard {7}http:\/\/127\.0\.0\.1:\d+\/mlops\/#token=[\w-]{43}\n/);
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
  expect(left).toEqual([]);
}, 150_000);

test("the demo asks a provider when one is set, and leaves the prompt when nothing was gained", async () => {
  const { baseUrl, keys } = await startFakeProvider();
  const { stdout } = await runDemo({
    OPENAI_BASE_URL: baseUrl,
    OPENAI_API_KEY: "a-key",
    OPENAI_MODEL: "fake-1",
  });

  expect(stdout).toContain(`fake-1 at ${new URL(baseUrl).host}`);
  expect(stdout).toMatch(/correct .* 0 better, 0 worse, 24 same +noise/);
  expect(stdout).toContain("the difference is no clear gain: production stays on version 1");
  expect(stdout).toMatch(/✓ all \d+ results were read back/);
  expect(new Set(keys)).toEqual(new Set(["Bearer a-key"]));
}, 150_000);

import { createRequire } from "node:module";
import { expect, test } from "vitest";
import { run } from "./rivulet.ts";

const { version } = createRequire(import.meta.url)("rivulet/package.json") as { version: string };

test("--version prints the version alone", async () => {
  expect(await run(["--version"])).toEqual({ code: 0, stdout: `${version}\n`, stderr: "" });
});

test("--help names every command and the exit codes", async () => {
  const { code, stdout } = await run(["--help"]);
  expect(code).toBe(0);
  for (const command of [
    "serve",
    "open",
    "mcp",
    "demo",
    "doctor",
    "stats",
    "backup",
    "restore",
    "migrate",
    "gc",
    "renumber",
  ]) {
    expect(stdout).toMatch(new RegExp(`^ {2}${command} `, "m"));
  }
  expect(stdout).toContain("Exit codes: 0 all is well, 1 a problem, 2 the command line was not");
});

test.each([
  ["serve", ["--store <url>", "--port <number>", "--host <name>", "--allow-writes"]],
  ["open", ["[url]", "--store <url>", "--token <secret>", "--print"]],
  ["mcp", ["--store <url>", "--allow-writes"]],
  ["demo", ["--once", "--port <number>", "--no-open"]],
  ["doctor", ["--store <url>", "--json"]],
  ["stats", ["--store <url>", "--json"]],
  ["backup", ["<folder>", "--store <url>", "--json"]],
  ["restore", ["<folder>", "--store <url>", "--json"]],
  ["migrate", ["<from>", "<to>", "--json"]],
  ["gc", ["--store <url>", "--older-than <time>", "--dry-run", "--yes", "--json"]],
  ["renumber", ["<file>", "--to <number>", "--alias <name...>", "--json"]],
])("%s --help names its options", async (command, options) => {
  const { code, stdout } = await run([command, "--help"]);
  expect(code).toBe(0);
  for (const option of options) expect(stdout).toContain(option);
});

test.each([
  ["an unknown command", ["sevre"], /unknown command 'sevre'[\s\S]*serve/],
  ["an unknown option", ["serve", "--prot", "1"], /unknown option '--prot'[\s\S]*--port/],
  ["a port that is none", ["serve", "--port", "http"], /whole number from 0 to 65535/],
  ["a port that is too high", ["serve", "--port", "65536"], /whole number from 0 to 65535/],
  ["an option without its value", ["doctor", "--store"], /argument missing/],
  ["a backup to nowhere", ["backup"], /missing required argument 'folder'/],
  ["an address that is none", ["open", "http://:::"], /looks like http:\/\/localhost:3000/],
  ["an argument too many", ["doctor", "now"], /too many arguments/],
])("%s is a usage error", async (_case, args, message) => {
  const { code, stdout, stderr } = await run(args);
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr).toMatch(message);
});

test("the highest port is one", async () => {
  const { code, stderr } = await run(["serve", "--port", "65535", "--store", "mongodb://x"]);
  expect(code).toBe(1);
  expect(stderr).toContain("mongodb");
});

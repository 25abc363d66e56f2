import { globSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { run } from "./rivulet.ts";

const ROOT = join(import.meta.dirname, "../..");
const TEXTS = [
  "README.md",
  "docs/**/*.md",
  "packages/*/README.md",
  "examples/*/README.md",
  "tests/*/README.md",
  "packages/*/src/**/*.{ts,tsx}",
  "examples/*/src/**/*.ts",
];

interface Named {
  readonly file: string;
  /** Such as `rivulet serve`. */
  readonly command: string;
  /** What stands behind it on the line. */
  readonly rest: string;
}

const files = globSync(TEXTS, { cwd: ROOT });
const named = (await Promise.all(files.map(readNamed))).flat();

async function readNamed(file: string): Promise<readonly Named[]> {
  const text = await readFile(join(ROOT, file), "utf8");
  // "rivulet as …" is TypeScript.
  const found = text.matchAll(
    /(?<![@/\w-])(rivulet|pnpm(?:@12)?) (?!as\b)([a-z][a-z:-]*)([^`\n]*)/g,
  );
  return [...found].map(([, program, word, rest = ""]) => ({
    file,
    command: `${program} ${word}`,
    rest,
  }));
}

/** Those of one program, by the word behind its name. */
function wordsOf(program: "rivulet" | "pnpm"): readonly string[] {
  const words = named.map(({ command }) => command.replace("@12", "").split(" "));
  return [...new Set(words.filter(([first]) => first === program).map(([, word = ""]) => word))];
}

test("every command that a text or a message names is there", async () => {
  const { stdout } = await run(["--help"]);
  const commands = [...stdout.matchAll(/^ {2}([a-z]+) /gm)].map(([, command]) => command);
  expect(wordsOf("rivulet").length).toBeGreaterThan(7);
  expect(wordsOf("rivulet").filter((word) => !commands.includes(word))).toEqual([]);
});

test("every script of the workspace that a text or a message names is there", async () => {
  const { scripts } = JSON.parse(await readFile(join(ROOT, "package.json"), "utf8")) as {
    readonly scripts: Readonly<Record<string, string>>;
  };
  const own = ["add", "install", "exec", "dlx", "pack", "pnpm"];
  expect(wordsOf("pnpm").length).toBeGreaterThan(3);
  expect(wordsOf("pnpm").filter((word) => !(word in scripts) && !own.includes(word))).toEqual([]);
});

test("every option that is named with a command is one of that command", async () => {
  const unknown: string[] = [];
  for (const word of wordsOf("rivulet").filter((name) => name !== "help")) {
    for (const { file, command, rest } of named) {
      if (command !== `rivulet ${word}`) continue;
      const options = rest.match(/(?<=\s)--[a-z-]+/g) ?? [];
      if (options.length === 0) continue;
      const known = await optionsOf(word, /^ ([a-z][a-z-]*)/.exec(rest)?.[1]);
      unknown.push(...options.filter((name) => !known.has(name)).map((name) => `${file}: ${name}`));
    }
  }
  expect(unknown).toEqual([]);
});

const helps = new Map<string, Promise<ReadonlySet<string>>>();

/** The options of a command, or of a group's verb. */
function optionsOf(command: string, verb: string | undefined): Promise<ReadonlySet<string>> {
  const key = `${command} ${verb ?? ""}`;
  const known = helps.get(key) ?? readOptions(verb === undefined ? [command] : [command, verb]);
  helps.set(key, known);
  return known;
}

async function readOptions(words: readonly string[]): Promise<ReadonlySet<string>> {
  const { stdout } = await run([...words, "--help"]);
  return new Set(stdout.match(/--[a-z-]+/g));
}

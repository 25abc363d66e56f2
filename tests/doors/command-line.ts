import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { Operation, Rivulet } from "@rivulet/core";
import { vi } from "vitest";
import * as z from "zod";
import type { Input } from "./door.ts";

type Main = (
  args: readonly string[],
  options: { readonly open: () => Promise<Rivulet> },
) => Promise<number>;

// Where colours are asked for, such as in CI, tables would have them.
process.env["NO_COLOR"] = "1";

const PACKAGE = dirname(createRequire(import.meta.url).resolve("rivulet/package.json"));
const MAIN: string = join(PACKAGE, "src", "main.ts");

/** What a command line left behind. */
export interface Printed {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command line of `rivulet` in this process: a process for each would take longer than all the rest. */
export async function runLine(rivulet: Rivulet, args: readonly string[]): Promise<Printed> {
  const { main } = (await import(MAIN)) as { readonly main: Main };
  const stdout: string[] = [];
  const stderr: string[] = [];
  const spies = [catchText(process.stdout, stdout), catchText(process.stderr, stderr)];
  try {
    const code = await main(args, { open: async () => leftOpen(rivulet) });
    return { code, stdout: stdout.join(""), stderr: stderr.join("") };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}

/** Calls an operation as a command with `--json`. */
export async function callCommand(
  rivulet: Rivulet,
  { id, positional, input: schema }: Operation,
  input: Input,
): Promise<unknown> {
  const [group = "", verb = ""] = id.split(".");
  const known = z.toJSONSchema(schema, { io: "input", unrepresentable: "any" }).properties ?? {};
  const options = Object.entries(input).filter(([name]) => !positional.includes(name));
  const { code, stdout, stderr } = await runLine(rivulet, [
    kebabCase(group),
    kebabCase(verb),
    ...options.flatMap(([name, value]) => optionArgs(name, value, known[name])),
    "--json",
    "--",
    ...positional.flatMap((name) => (name in input ? textsOf(input[name]) : [])),
  ]);
  const answer = stdout === "" ? undefined : JSON.parse(stdout);
  // A change of many that fails for some is answered, and is no success.
  const isPartial = Array.isArray(answer?.changed) && answer.failed.length > 0;
  if (code === (isPartial ? 1 : 0)) return answer;
  if (stdout !== "") throw new Error(`A failure printed ${stdout}`);
  throw JSON.parse(stderr).error;
}

function optionArgs(name: string, value: unknown, schema: unknown): readonly string[] {
  const flag = `--${kebabCase(name)}`;
  const { type } = Object(schema) as { type?: string };
  if (type === "boolean" && typeof value === "boolean")
    return [value ? flag : flag.replace("--", "--no-")];
  const texts = type === "array" ? textsOf(value) : [textOf(value)];
  return texts.map((text) => `${flag}=${text}`);
}

/** One text for each item of a list. */
function textsOf(value: unknown): readonly string[] {
  return [value].flat().map(textOf);
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function kebabCase(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** The client, which the command may not close. */
function leftOpen(rivulet: Rivulet): Rivulet {
  return { ...rivulet, [Symbol.asyncDispose]: async () => undefined };
}

function catchText(stream: NodeJS.WriteStream, texts: string[]) {
  return vi.spyOn(stream, "write").mockImplementation((text) => {
    texts.push(typeof text === "string" ? text : Buffer.from(text).toString("utf8"));
    return true;
  });
}

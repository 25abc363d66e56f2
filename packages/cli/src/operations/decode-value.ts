import { readFile } from "node:fs/promises";
import { text } from "node:stream/consumers";
import { messageOf } from "@rivulet/core";
import type { Field, JsonSchema } from "./field.ts";

/** Turns arguments of the command line into the value of a field. The operation checks it. */
export async function decodeValue(field: Field, texts: readonly string[]): Promise<unknown> {
  switch (field.kind) {
    case "texts":
      return Promise.all(texts.map(readPiped));
    case "list":
      return (await Promise.all(texts.map(decodeJson))).flat();
    case "map":
      return decodeMap(texts);
    default:
      return decodeOne(field, texts);
  }
}

async function decodeOne({ kind, schema }: Field, texts: readonly string[]): Promise<unknown> {
  const [given = "", another] = texts;
  if (another !== undefined) throw new Error("is given more than once");
  if (kind === "number") return decodeNumber(given);
  if (kind === "json") return decodeJson(given);
  if (kind === "mixed") return decodeMixed(schema, await readSource(given));
  return readPiped(given);
}

/** Anything but a number stays text, which the operation refuses. */
function decodeNumber(given: string): number | string {
  return /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(given) ? Number(given) : given;
}

async function decodeJson(given: string): Promise<unknown> {
  const source = await readSource(given);
  try {
    return JSON.parse(source);
  } catch (cause) {
    throw new Error(`is not JSON (${messageOf(cause)})`, { cause });
  }
}

/** JSON of a type that the field accepts, otherwise text. Text that begins as such JSON was meant to be it. */
function decodeMixed({ anyOf }: JsonSchema, source: string): unknown {
  const takesAll = anyOf === undefined || anyOf.some(({ type }) => type === undefined);
  const takes = (wanted: string): boolean => takesAll || anyOf.some(({ type }) => type === wanted);
  try {
    const value: unknown = JSON.parse(source);
    return takes(typeOf(value)) ? value : source;
  } catch (cause) {
    const begun = beginningOf(source);
    if (begun === undefined || !takes(begun)) return source;
    throw new Error(`begins as JSON, but is none (${messageOf(cause)})`, { cause });
  }
}

/** What the text begins as: a template may begin with `{{name}}` or `[INST]`, and is neither. */
function beginningOf(source: string): "array" | "object" | undefined {
  if (/^\[\s*\{\s*"/.test(source)) return "array";
  return /^\{\s*"/.test(source) ? "object" : undefined;
}

function typeOf(value: unknown): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "array" : typeof value;
}

async function decodeMap(texts: readonly string[]): Promise<unknown> {
  const [given = "", another] = texts;
  // `-`, `@file` or JSON: the whole map.
  if (another === undefined && /^([@{[]|-$)/.test(given)) return decodeJson(given);
  const entries = texts.map((pair) => {
    const at = pair.indexOf("=");
    if (at < 1) throw new Error("must be key=value, a JSON object, @file.json, or - for stdin");
    return [pair.slice(0, at), pair.slice(at + 1)] as const;
  });
  return Object.fromEntries(entries);
}

/** `-` reads stdin; anything else is literal. */
async function readPiped(given: string): Promise<string> {
  return given === "-" ? readStdin() : given;
}

/** `-` reads stdin, `@file` a file; anything else is literal. */
async function readSource(given: string): Promise<string> {
  if (!given.startsWith("@")) return readPiped(given);
  try {
    return withoutLastBreak(await readFile(given.slice(1), "utf8"));
  } catch (cause) {
    throw new Error(`cannot be read (${messageOf(cause)})`, { cause });
  }
}

async function readStdin(): Promise<string> {
  if (process.stdin.readableEnded) {
    throw new Error("- is given more than once: stdin is read already");
  }
  return withoutLastBreak(await text(process.stdin));
}

/** The last line break comes from the shell or the editor, and is not part of the text. */
function withoutLastBreak(source: string): string {
  return source.replace(/\r?\n$/, "");
}

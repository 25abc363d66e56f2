import { messageOf, RivuletError } from "@rivulet/domain";

/** A file of a project as it is on disk. */
export interface ProjectFile {
  /** Full path, for messages. */
  readonly path: string;
  /** Name inside the project, with `/`. */
  readonly name: string;
  readonly text: string;
}

/** What is wrong in a file, and what to do about it. */
export interface Fault {
  /** Line number, from 1. */
  readonly line: number;
  readonly what: string;
  readonly todo: string;
  /** @default "store_corrupt" */
  readonly code?: "store_corrupt" | "conflict";
  readonly cause?: unknown;
}

/** The error for a problem in a file of the project. */
export function faulty(file: Pick<ProjectFile, "path">, fault: Fault): RivuletError {
  const { line, what, todo, code = "store_corrupt", cause } = fault;
  return new RivuletError(
    code,
    `${file.path}, line ${line}: ${what}. Nothing was changed on disk: ${todo}.`,
    { cause, details: { path: file.path, line } },
  );
}

/** Advice when there is nothing to correct. */
const RESTORE = "restore it from Git (git checkout HEAD -- FILE)";
const BOM = [0xef, 0xbb, 0xbf];
const MARKER = /^(<{7}|={7}|>{7}|\|{7})( |$)/;

/** The text of a file. @throws RivuletError `store_corrupt`, or `conflict` for one that Git could not merge */
export function readText(path: string, content: Buffer): string {
  const file = { path };
  if (BOM.every((byte, at) => content[at] === byte)) {
    throw faulty(file, {
      line: 1,
      what: "it starts with a byte order mark",
      todo: "save it as UTF-8 without BOM",
    });
  }
  const text = decode(file, content);
  const lines = text.split("\n");
  const conflict = lines.findIndex((line) => MARKER.test(line.replace(/\r$/, "")));
  if (conflict >= 0) {
    throw faulty(file, {
      line: conflict + 1,
      what: "it contains an unresolved Git conflict",
      todo: "keep what should stay from both sides, remove the lines with <<<<<<<, ======= and >>>>>>>, and commit",
      code: "conflict",
    });
  }
  const carriage = lines.findIndex((line) => line.endsWith("\r"));
  if (carriage >= 0) {
    throw faulty(file, {
      line: carriage + 1,
      what: "the line ends with CRLF",
      todo: 'save the file with LF; the line "*.json* text eol=lf" in .gitattributes keeps Git from changing it',
    });
  }
  return text;
}

function decode(file: Pick<ProjectFile, "path">, content: Buffer): string {
  try {
    return new TextDecoder("utf8", { fatal: true, ignoreBOM: true }).decode(content);
  } catch (cause) {
    throw faulty(file, { line: 1, what: "it is not valid UTF-8", todo: "save it as UTF-8", cause });
  }
}

/** A JSON object, and its place. */
export interface ParsedObject {
  readonly value: Readonly<Record<string, unknown>>;
  readonly file: ProjectFile;
  /** Line on which it starts. */
  readonly line: number;
}

/** Parses the object in a file. @throws RivuletError `store_corrupt` */
export function parseFile(file: ProjectFile): ParsedObject {
  const parsed = parseObject(file, file.text, 1);
  checkTwice(file);
  return parsed;
}

/** Of two fields with one name JSON takes the last; after a merge, that may be the wrong one. */
function checkTwice(file: ProjectFile): void {
  const seen = new Set<string>();
  for (const [at, line] of file.text.split("\n").entries()) {
    const field = FIELD.exec(line)?.[1];
    if (field === undefined) continue;
    if (seen.has(field)) {
      throw faulty(file, {
        line: at + 1,
        what: `${field} is there twice`,
        todo: "keep one of the two",
      });
    }
    seen.add(field);
  }
}

/** A field of the outermost object, as Rivulet writes it. */
const FIELD = /^ {2}("(?:[^"\\]|\\.)*"):/;

/** Parses the objects in a file of lines. @throws RivuletError `store_corrupt` */
export function parseLines(file: ProjectFile): readonly ParsedObject[] {
  const lines = file.text.split("\n");
  return lines.flatMap((line, at) => (line.trim() === "" ? [] : [parseObject(file, line, at + 1)]));
}

function parseObject(file: ProjectFile, text: string, first: number): ParsedObject {
  if (text.trim() === "") {
    throw faulty(file, { line: first, what: "it is empty", todo: RESTORE });
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    const line = first + lineOfError(text, messageOf(cause)) - 1;
    throw faulty(file, {
      line,
      what: `it is not valid JSON (${messageOf(cause)})`,
      todo: "fix this line or the one before it, which may have a missing or an extra comma",
      cause,
    });
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw faulty(file, { line: first, what: "it is no object", todo: RESTORE });
  }
  return { value: value as Readonly<Record<string, unknown>>, file, line: first };
}

function lineOfError(text: string, message: string): number {
  const position = /at position (\d+)/.exec(message)?.[1];
  const before = position === undefined ? text.trimEnd() : text.slice(0, Number(position));
  return before.split("\n").length;
}

/** The line of a field of an object; that of the object when the field is missing. */
export function lineOf({ file, line }: ParsedObject, field: string): number {
  if (file.name.endsWith(".jsonl")) return line;
  const at = file.text
    .split("\n")
    .findIndex((text) => text.trimStart().startsWith(`${JSON.stringify(field)}:`));
  return at < 0 ? line : at + 1;
}

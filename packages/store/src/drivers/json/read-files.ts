import type { Row } from "../../sql/database.ts";
import { type FileKind, type FolderKind, TAGS } from "./file-kinds.ts";
import { faulty, lineOf, type ParsedObject, type ProjectFile, parseFile } from "./file-text.ts";
import { tagFile, tagPrefix } from "./project-paths.ts";
import { type ReadRow, type RowRules, readRow } from "./project-rows.ts";

/** The files of one entity. */
export interface EntityFiles {
  readonly kind: FolderKind;
  readonly folder: string;
  readonly files: readonly ProjectFile[];
}

/** Times, which are machine-local, until they are known. */
export function stamp({ left }: FileKind, { value }: ParsedObject): Row {
  return left.includes("updated_us") ? { updated_us: Number(value["created_us"] ?? 0) } : {};
}

interface Named {
  readonly field: string;
  /** A file or folder named after the field. */
  readonly place: string;
  readonly expected: string;
}

/** A copied file with its old name would be written elsewhere. @throws RivuletError `store_corrupt` */
export function checkName(from: ParsedObject, { field, place, expected }: Named): void {
  if (place === expected) return;
  throw faulty(from.file, {
    line: lineOf(from, field),
    what: `"${field}" is ${JSON.stringify(from.value[field])}, which belongs to ${expected}, not to ${place}`,
    todo: `rename ${place} to ${expected}, or correct "${field}"`,
  });
}

interface TaggedFiles {
  readonly rules: RowRules;
  readonly files: readonly ProjectFile[];
}

/** The row of a file, and its tags. */
export function readTagged(from: ParsedObject, { rules, files }: TaggedFiles): readonly ReadRow[] {
  const own = readRow(from, rules);
  const { tagged } = rules.kind;
  if (tagged === undefined) return [own];
  const given = { entity: tagged.entity, owner: own.row[tagged.by] ?? null };
  const tags = files.filter(({ name }) => name.startsWith(tagPrefix(from.file.name)));
  const fileOf = (key: string): string => tagFile(from.file.name, key);
  return [own, ...tags.map((file) => readNamed(file, { kind: TAGS, field: "key", given, fileOf }))];
}

interface NamedRow {
  readonly kind: FileKind;
  readonly field: string;
  readonly given: Row;
  readonly fileOf: (value: string) => string;
}

/** The row in a file that is named after one of its fields. */
export function readNamed(file: ProjectFile, { kind, field, given, fileOf }: NamedRow): ReadRow {
  const from = parseFile(file);
  const row = readRow(from, { kind, given });
  checkName(from, { field, place: file.name, expected: fileOf(String(row.row[field])) });
  return row;
}

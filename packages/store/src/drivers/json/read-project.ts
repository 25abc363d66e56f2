import type { JsonValue } from "@rivulet/domain";
import { recordId } from "../../json-text/record-id.ts";
import type { Row } from "../../sql/database.ts";
import { FOLDER_KINDS, type LinesKind, RUNS_FOLDER } from "./file-kinds.ts";
import { faulty, type ParsedObject, type ProjectFile, parseFile, parseLines } from "./file-text.ts";
import { safeName, unitPathOf } from "./project-paths.ts";
import { type ReadRow, readRow } from "./project-rows.ts";
import { checkName, type EntityFiles, readTagged, stamp } from "./read-files.ts";
import { readRun } from "./read-run.ts";
import { readVersions } from "./read-versions.ts";
import { countedVersion } from "./unit-texts.ts";

/** The rows in the files that are shared through Git. @throws RivuletError `store_corrupt`, `conflict` */
export function readProject(files: readonly ProjectFile[]): readonly ReadRow[] {
  const units = Map.groupBy(files, ({ name }) => unitPathOf(name));
  return [...units].flatMap(([unit, own]) => {
    if (unit.startsWith(`${RUNS_FOLDER}/`)) return own.flatMap(readRun);
    const kind = FOLDER_KINDS.find(({ folder }) => unit.startsWith(`${folder}/`));
    return kind === undefined ? [] : readEntity({ kind, folder: unit, files: own });
  });
}

function readEntity(entity: EntityFiles): readonly ReadRow[] {
  const { kind, folder, files } = entity;
  const file = files.find(({ name }) => name === `${folder}/${kind.noun}.json`);
  if (file === undefined) throw missingEntry(files, `${folder}/${kind.noun}.json`);
  const from = parseFile(file);
  const key = from.value[kind.key];
  const name = typeof key === "string" ? key : "";
  const versions = kind.versions && readVersions(entity, { versions: kind.versions, entry: from });
  const lines = kind.lines && readLines(entity, { lines: kind.lines, name });
  const counted = {
    ...versions?.counted,
    ...(kind.noun === "dataset" && countsOf(from, lines ?? [])),
  };
  const own = readTagged(from, {
    rules: {
      kind: kind.entry,
      given: { ...stamp(kind.entry, from), ...counted },
      besides: Object.keys(counted),
    },
    files,
  });
  checkName(from, { field: kind.key, place: folder, expected: `${kind.folder}/${safeName(name)}` });
  return [...own, ...(versions?.rows ?? []), ...(lines ?? [])];
}

/** It exists even without lines; otherwise nobody could tell whether it was lost. */
function missingFile(files: readonly ProjectFile[], missing: string, noun: string): Error {
  const entry = files.find(({ name }) => name.endsWith(`/${noun}.json`));
  return faulty(entry ?? { path: missing }, {
    line: 1,
    what: `${missing}, which belongs to it, is missing`,
    todo: `restore it from Git (git checkout HEAD -- ${missing}), or make an empty file of that name`,
  });
}

function missingEntry(files: readonly ProjectFile[], missing: string): Error {
  const [file] = files;
  return faulty(file ?? { path: missing }, {
    line: 1,
    what: `${missing}, which this file belongs to, is missing`,
    todo: `restore it from Git (git checkout HEAD -- ${missing}), or remove its folder`,
  });
}

interface EntityLines {
  readonly lines: LinesKind;
  readonly name: string;
}

function readLines(
  { kind, folder, files }: EntityFiles,
  { lines, name }: EntityLines,
): readonly ReadRow[] {
  const file = files.find((one) => one.name === `${folder}/${lines.file}`);
  if (file === undefined) throw missingFile(files, `${folder}/${lines.file}`, kind.noun);
  const isDataset = kind.noun === "dataset";
  return parseLines(file).map((from, at) => {
    if (isDataset) checkRecordId(from);
    return readRow(from, {
      kind: lines.rows,
      given: { [lines.owner]: name, ...(isDataset && { position: at + 1 }) },
    });
  });
}

const RECORD_ID = /^[0-9a-f]{32}$/;

/** Edited inputs make another example. */
function checkRecordId(from: ParsedObject): void {
  const { id, inputs } = from.value;
  const isGiven = typeof id === "string" && !RECORD_ID.test(id);
  if (isGiven || inputs === undefined) return;
  const expected = recordId(inputs as JsonValue);
  if (id === expected) return;
  throw faulty(from.file, {
    line: from.line,
    what: id === undefined ? '"id" is missing' : '"id" is not that of these "inputs"',
    todo: `write "id":"${expected}" there, which is made from the inputs, or restore the line from Git`,
  });
}

function countsOf({ value }: ParsedObject, records: readonly ReadRow[]): Row {
  const rows = records.map(({ row }) => row);
  return {
    version: Number(value["version"] ?? countedVersion(rows)),
    record_count: rows.filter((row) => row["until_version"] === null).length,
  };
}

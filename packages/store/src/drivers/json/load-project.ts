import { messageOf, RivuletError } from "@rivulet/domain";
import { boundRow, parseRow } from "../../backup/row-text.ts";
import { contentDigest } from "../../json-text/content-digest.ts";
import type { Database, Sql } from "../../sql/database.ts";
import { TABLES } from "../../sql/schema.ts";
import { makeStoreId } from "../../sql/store-id.ts";
import type { Table } from "../../sql/table.ts";
import { forgetChanged } from "./changed-units.ts";
import { DATED, INPUT_DATASETS, tableOf } from "./file-kinds.ts";
import { faulty, lineOf, type ProjectFile, parseFile } from "./file-text.ts";
import { numbered } from "./number-runs.ts";
import { FORMAT, MARKER, STATE, UPDATED } from "./project-paths.ts";
import { type ReadRow, readValue } from "./project-rows.ts";
import { readProject } from "./read-project.ts";
import { RUN_NUMBERS } from "./unit-texts.ts";

/**
 * Makes the database hold what the files say, and nothing else.
 *
 * @throws RivuletError `store_corrupt`, `store_too_new`, or `conflict`; the database is then what it was
 */
export async function loadProject(
  database: Database,
  files: readonly ProjectFile[],
): Promise<void> {
  checkFormat(files);
  const rows = readProject(files);
  checkRows(rows);
  await database.transaction(async (sql) => {
    for (const { name } of TABLES) await sql.run(`DELETE FROM ${name}`);
    const numbers = await loadLocal(sql, files);
    for (const row of await numbered(sql, rows, numbers)) await insertRow(sql, row);
    await fillIn(sql);
    await loadTimes(sql, files);
    await forgetChanged(sql);
  });
}

function checkFormat(files: readonly ProjectFile[]): void {
  const marker = files.find(({ name }) => name === MARKER);
  if (marker === undefined) return;
  const from = parseFile(marker);
  const format = from.value["format"];
  if (from.value["rivulet"] !== "project" || typeof format !== "number") {
    throw faulty(marker, {
      line: 1,
      what: "it is not the marker of a Rivulet project",
      todo: "restore it from Git, or choose another path",
    });
  }
  if (format > FORMAT) {
    throw new RivuletError(
      "store_too_new",
      `${marker.path} has format ${format}, but this Rivulet supports formats up to ${FORMAT}. Update @rivulet/core.`,
    );
  }
}

function checkRows(rows: readonly ReadRow[]): void {
  const named = rows.filter(({ table }) => table.name === "experiments");
  const experiments = new Set(named.map(({ row }) => row["id"]));
  for (const { table, row, from } of rows) {
    if (table.name === "prompt_versions") checkHash(from);
    const experiment = row["experiment_id"];
    if (experiment === undefined || experiments.has(experiment)) continue;
    throw faulty(from.file, {
      line: lineOf(from, "experiment_id"),
      what: `the file of experiment ${experiment} is missing`,
      todo: `restore experiments/${experiment} from Git, or name another experiment`,
    });
  }
  checkTwins(rows);
}

/** Nothing exists twice. */
function checkTwins(rows: readonly ReadRow[]): void {
  const seen = new Map<string, ReadRow>();
  for (const one of rows) {
    const { table, row, from } = one;
    if (isKept(table)) continue;
    const keys = [table.key, ...(table.name === "experiments" ? [["name"]] : [])];
    for (const key of keys) {
      const values = key.map((column) => row[column]);
      const id = JSON.stringify([table.name, key, values]);
      const first = seen.get(id);
      seen.set(id, one);
      if (first === undefined) continue;
      const label = key.map((column) => `${column} ${JSON.stringify(row[column])}`).join(", ");
      throw faulty(from.file, {
        line: lineOf(from, key.at(-1) ?? ""),
        what: `${label} of ${table.name} is also in ${first.from.file.path}, line ${first.from.line}`,
        todo: "keep one of the two",
        code: "conflict",
      });
    }
  }
}

/** Every run that was given a dataset tells of it, and the first one is believed. */
function isKept({ name }: Table): boolean {
  return name === INPUT_DATASETS.table.name;
}

const DIGEST = /^[0-9a-f]{64}$/;

/** The text of a version never changes: edited text needs a new version. */
function checkHash(from: ReadRow["from"]): void {
  const [template, config] = ["template", "config"].map((field) => joined(from, field));
  const expected = from.value["content_hash"];
  if (typeof expected !== "string" || !DIGEST.test(expected)) return;
  if (contentDigest({ template, config } as never) === expected) return;
  throw faulty(from.file, {
    line: lineOf(from, "template"),
    what: "template or config was edited: they no longer match content_hash, and a version never changes",
    todo: "restore the file from Git (git checkout HEAD -- FILE), and register the new text as a new version",
  });
}

function joined(from: ReadRow["from"], field: string): unknown {
  return readValue(from, field, from.value[field]);
}

async function insertRow(sql: Sql, { table, row, from }: ReadRow): Promise<void> {
  const columns = Object.keys(table.columns);
  const values = columns.map((column) => row[column] ?? null);
  const conflict = isKept(table) ? { conflict: { key: table.key, update: [] } } : {};
  try {
    const insert = { table: table.name, columns, ...conflict };
    await sql.insert(insert, [boundRow(sql.dialect, table, values)]);
  } catch (cause) {
    if (cause instanceof RivuletError) throw cause;
    throw faulty(from.file, {
      line: from.line,
      what: `a row of ${table.name} cannot be loaded: ${messageOf(cause)}`,
      todo: "correct it, or restore the file from Git",
      cause,
    });
  }
}

/** Returns the numbers of runs. */
async function loadLocal(
  sql: Sql,
  files: readonly ProjectFile[],
): Promise<ReadonlyMap<string, number>> {
  const numbers = new Map<string, number>();
  const file = files.find(({ name }) => name === STATE);
  for (const [at, line] of (file?.text ?? "").split("\n").entries()) {
    if (file === undefined || line === "") continue;
    try {
      const space = line.indexOf(" ");
      if (line.slice(0, space) === RUN_NUMBERS) {
        const [id, number] = JSON.parse(line.slice(space + 1));
        numbers.set(String(id), Number(number));
        continue;
      }
      const table = tableOf(line.slice(0, space));
      const row = parseRow(table, line.slice(space + 1));
      const columns = Object.keys(table.columns);
      await sql.insert({ table: table.name, columns }, [boundRow(sql.dialect, table, row)]);
    } catch (cause) {
      throw faulty(file, {
        line: at + 1,
        what: `it cannot be loaded: ${messageOf(cause)}`,
        todo: "remove the line; the file is local to this machine",
        cause,
      });
    }
  }
  return numbers;
}

/** Restores what is counted or derived from the rest. */
async function fillIn(sql: Sql): Promise<void> {
  for (const params of ["params", "model_params"]) {
    await sql.run(`UPDATE ${params} SET number = ${sql.dialect.number("value")}`);
  }
  // Their run was removed by somebody else, and its number may have been reused.
  await sql.run("DELETE FROM points WHERE run NOT IN (SELECT inner_id FROM runs)");
  await makeStoreId(sql);
  for (const entry of ["prompt", "model"]) {
    await sql.run(
      `UPDATE ${entry}s SET updated_us = COALESCE((SELECT MAX(created_us) FROM ${entry}_versions WHERE ${entry}_versions.name = ${entry}s.name), created_us)`,
    );
  }
}

async function loadTimes(sql: Sql, files: readonly ProjectFile[]): Promise<void> {
  const file = files.find(({ name }) => name === UPDATED);
  if (file === undefined) return;
  const { value } = parseFile(file);
  for (const { name, key } of DATED) {
    const where = key.map((column) => `${column} = ?`).join(" AND ");
    for (const entry of (value[name] ?? []) as readonly (readonly (string | number)[])[]) {
      const at = Number(entry.at(-1));
      if (!Number.isSafeInteger(at)) continue;
      await sql.run(`UPDATE ${name} SET updated_us = ? WHERE ${where}`, [
        at,
        ...entry.slice(0, -1),
      ]);
    }
  }
}

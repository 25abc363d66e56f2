import { rowText } from "../../backup/row-text.ts";
import type { Row, Sql, SqlValue } from "../../sql/database.ts";
import { number, text } from "../../sql/values.ts";
import { pathOf, type Unit } from "./changed-units.ts";
import {
  ARTIFACTS,
  DATED,
  type FileKind,
  FOLDER_KINDS,
  type FolderKind,
  INPUT_DATASETS,
  type LinesKind,
  LOCAL_TABLES,
  METRICS,
  RUNS,
  RUNS_FOLDER,
  SHARED_TAGS,
  TAGS,
  type VersionsKind,
} from "./file-kinds.ts";
import { breakLines } from "./long-text.ts";
import { aliasFile, LOCAL, STATE, tagFile, versionFile } from "./project-paths.ts";
import { type Document, document, plainDocument, rowsOf } from "./row-documents.ts";
import { inputDocuments, modelDocuments } from "./run-documents.ts";

/** Name inside the project, with `/` → what the file holds. */
export type Texts = Map<string, string>;

/** Lines of the state that say by which number the rows of a run are filed. */
export const RUN_NUMBERS = "run_numbers";

/** The files that a unit has, as the database stands; none when it is no more. */
export async function unitTexts(sql: Sql, unit: Unit): Promise<Texts> {
  const texts: Texts = new Map();
  if (unit.folder === LOCAL) return texts.set(STATE, await stateText(sql));
  if (unit.folder === RUNS_FOLDER) {
    const run = await runDocument(sql, unit.name);
    return run === undefined ? texts : texts.set(pathOf(unit), pretty(run));
  }
  const kind = FOLDER_KINDS.find(({ folder }) => folder === unit.folder);
  if (kind === undefined) throw new Error(`There is no folder ${unit.folder}.`);
  await addEntity(sql, { kind, name: unit.name, folder: pathOf(unit), texts });
  return texts;
}

/** The file of the times of last changes. */
export async function updatedText(sql: Sql): Promise<string> {
  const updated: Record<string, readonly (readonly SqlValue[])[]> = {};
  for (const { name, key } of DATED) {
    const rows = await sql.all(
      `SELECT ${key.join(", ")}, updated_us FROM ${name} ORDER BY ${key.join(", ")}`,
    );
    updated[name] = rows.map((row) => [
      ...key.map((column) => row[column] ?? null),
      row["updated_us"] ?? null,
    ]);
  }
  return `${JSON.stringify(updated)}\n`;
}

interface Entity {
  readonly kind: FolderKind;
  readonly name: string;
  readonly folder: string;
  readonly texts: Texts;
}

async function addEntity(sql: Sql, entity: Entity): Promise<void> {
  const { kind, name, folder, texts } = entity;
  const [row] = await rowsOf(sql, kind.entry, { where: { [kind.key]: name } });
  if (row === undefined) return;
  const counted = [
    kind.versions && (await addVersions(sql, { ...entity, versions: kind.versions, row })),
    kind.lines && (await addLines(sql, { ...entity, lines: kind.lines, row })),
  ];
  const file = `${folder}/${kind.noun}.json`;
  texts.set(file, pretty({ ...document(kind.entry, row), ...counted[0], ...counted[1] }));
  await addTags(sql, { kind: kind.entry, row, file, texts });
}

interface Versions extends Entity {
  readonly versions: VersionsKind;
  readonly row: Row;
}

/** Returns what the entry says of them. */
async function addVersions(
  sql: Sql,
  { versions, name, row, folder, texts }: Versions,
): Promise<Document> {
  let newest = 0;
  for (const one of await rowsOf(sql, versions.rows, { where: { name }, order: "version" })) {
    newest = number(one, "version");
    const file = versionFile(folder, newest, originOf(one));
    const files = await filesOf(sql, versions, { name, version: newest });
    texts.set(file, pretty({ ...document(versions.rows, one), ...files }));
    await addTags(sql, { kind: versions.rows, row: one, file, texts });
  }
  for (const one of await rowsOf(sql, versions.aliases, { where: { name } })) {
    const file = aliasFile(folder, text(one, "alias"));
    texts.set(file, pretty(document(versions.aliases, one)));
  }
  // It is the newest version's, unless that one was deleted.
  const highest = number(row, versions.last);
  return highest === newest ? {} : { [versions.last]: highest };
}

/** The files of a version, as its own file tells of them. */
async function filesOf(sql: Sql, { files }: VersionsKind, where: Row): Promise<Document> {
  if (files === undefined) return {};
  const rows = await rowsOf(sql, files, { where, order: "path" });
  return rows.length === 0 ? {} : { files: rows.map((row) => document(files, row)) };
}

/** What differs between two versions that got one number on two branches. */
function originOf(row: Row): string {
  return JSON.stringify([row["created_us"], row["content_hash"], row["source"]]);
}

interface Lines extends Entity {
  readonly lines: LinesKind;
  readonly row: Row;
}

/** Returns what the entry says of them. */
async function addLines(
  sql: Sql,
  { lines, kind, name, row, folder, texts }: Lines,
): Promise<Document> {
  const rows = await rowsOf(sql, lines.rows, {
    where: { [lines.owner]: name },
    order: lines.order,
  });
  const written = rows.map((one) => `${JSON.stringify(plainDocument(lines.rows, one))}\n`);
  texts.set(`${folder}/${lines.file}`, written.join(""));
  if (kind.noun !== "dataset") return {};
  const version = number(row, "version");
  return version === countedVersion(rows) ? {} : { version };
}

/** The newest version of a dataset that its records speak of. */
export function countedVersion(records: readonly Row[]): number {
  return records.reduce((newest, row) => {
    return Math.max(newest, Number(row["since_version"]), Number(row["until_version"] ?? 0));
  }, 0);
}

interface Tagged {
  readonly kind: FileKind;
  readonly row: Row;
  readonly file: string;
  readonly texts: Texts;
}

async function addTags(sql: Sql, { kind, row, file, texts }: Tagged): Promise<void> {
  for (const tag of await tagsOf(sql, kind, row)) {
    texts.set(tagFile(file, text(tag, "key")), pretty(document(TAGS, tag)));
  }
}

async function tagsOf(sql: Sql, { tagged }: FileKind, row: Row): Promise<readonly Row[]> {
  if (tagged === undefined) return [];
  const where = { entity: tagged.entity, owner: row[tagged.by] ?? null };
  return rowsOf(sql, TAGS, { where });
}

async function runDocument(sql: Sql, id: string): Promise<Document | undefined> {
  const [row] = await rowsOf(sql, RUNS, { where: { id } });
  if (row === undefined) return undefined;
  const params = await namedRows(sql, "params", row);
  const metrics = await namedRows(sql, "metrics", row);
  const artifacts = await rowsOf(sql, ARTIFACTS, { where: { run_id: id }, order: "path" });
  const tags = await tagsOf(sql, RUNS, row);
  return {
    ...document(RUNS, row),
    ...unlessEmpty("tags", tags, textOf),
    ...unlessEmpty("params", params, textOf),
    ...unlessEmpty("metrics", metrics, (one) => document(METRICS, one)),
    ...(artifacts.length > 0 && { artifacts: artifacts.map((one) => document(ARTIFACTS, one)) }),
    ...unlessNone("inputs", await inputDocuments(sql, id)),
    ...unlessNone("models", await modelDocuments(sql, id)),
  };
}

const METRIC_COLUMNS = Object.keys(METRICS.table.columns).filter(
  (column) => !METRICS.left.includes(column),
);

/** Rows of a run, with the names of their keys. */
function namedRows(sql: Sql, table: "params" | "metrics", run: Row): Promise<readonly Row[]> {
  const own = table === "params" ? ["value"] : METRIC_COLUMNS;
  const columns = own.map((column) => `v.${column}`).join(", ");
  return sql.all(
    `SELECT k.key, ${columns} FROM ${table} v JOIN run_keys k ON k.id = v.key WHERE v.run = ? ORDER BY k.key`,
    [run["inner_id"] ?? null],
  );
}

function textOf(row: Row): unknown {
  return breakLines(text(row, "value"));
}

/** An object with a field for each row. */
function unlessEmpty(name: string, rows: readonly Row[], read: (row: Row) => unknown): Document {
  if (rows.length === 0) return {};
  return { [name]: Object.fromEntries(rows.map((row) => [text(row, "key"), read(row)])) };
}

function unlessNone(name: string, documents: readonly Document[]): Document {
  return documents.length === 0 ? {} : { [name]: documents };
}

async function stateText(sql: Sql): Promise<string> {
  const lines: string[] = [];
  const add = (name: string, line: string): number => lines.push(`${name} ${line}\n`);
  for (const table of LOCAL_TABLES) {
    const own = OWN_ROWS[table.name] ?? "";
    const rows = await sql.all(
      `SELECT * FROM ${table.name} ${own} ORDER BY ${table.key.join(", ")}`,
    );
    for (const row of rows) add(table.name, rowText(table, row));
  }
  for (const row of await sql.all("SELECT id, inner_id FROM runs ORDER BY id")) {
    add(RUN_NUMBERS, JSON.stringify([row["id"], Number(row["inner_id"])]));
  }
  return lines.join("");
}

const UNSHARED_TAGS = `entity NOT IN (${SHARED_TAGS.map(({ entity }) => `'${entity}'`).join(", ")})`;

/** Which rows of a table are local, where others are shared. */
const OWN_ROWS: Readonly<Record<string, string>> = {
  [TAGS.table.name]: `WHERE ${UNSHARED_TAGS}`,
  [INPUT_DATASETS.table.name]:
    `WHERE NOT EXISTS (SELECT 1 FROM run_inputs i WHERE i.experiment_id = input_datasets.experiment_id
    AND i.name = input_datasets.name AND i.digest = input_datasets.digest)`,
};

function pretty(value: Document): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

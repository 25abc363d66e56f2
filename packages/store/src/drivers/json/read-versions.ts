import type { Row } from "../../sql/database.ts";
import { versionId } from "../../sql/entities/versioned.ts";
import type { FileKind, VersionsKind } from "./file-kinds.ts";
import { faulty, lineOf, type ParsedObject, parseFile } from "./file-text.ts";
import { aliasFile, isVersionFile } from "./project-paths.ts";
import { listIn, type ReadRow, readRow } from "./project-rows.ts";
import { type EntityFiles, readNamed, readTagged, stamp } from "./read-files.ts";

interface VersionsOf {
  readonly versions: VersionsKind;
  readonly entry: ParsedObject;
}

interface Versions {
  /** Versions, their tags, and aliases. */
  readonly rows: readonly ReadRow[];
  /** The highest number ever used. */
  readonly counted: Row;
}

/** The versions of a prompt or model, and what points to them. @throws RivuletError `store_corrupt`, `conflict` */
export function readVersions(
  { kind, folder, files }: EntityFiles,
  { versions, entry }: VersionsOf,
): Versions {
  const name = String(entry.value["name"]);
  const parsed = files.filter((file) => isVersionFile(file.name)).map(parseFile);
  const numbers = numbersOf(parsed, `${kind.noun} ${JSON.stringify(name)}`);
  const numbered = parsed.flatMap((from) => {
    const id = versionId(name, Number(from.value["version"]));
    const given = { name, id, ...stamp(versions.rows, from) };
    const besides = versions.files === undefined ? [] : ["files"];
    return [
      ...readTagged(from, { rules: { kind: versions.rows, given, besides }, files }),
      ...filesOf(from, versions.files, { name, version: Number(from.value["version"]) }),
    ];
  });
  const aliases = files
    .filter((file) => file.name.startsWith(`${folder}/alias-`))
    .map((file) =>
      readNamed(file, {
        kind: versions.aliases,
        field: "alias",
        given: { name },
        fileOf: (alias) => aliasFile(folder, alias),
      }),
    );
  for (const alias of aliases) checkAlias(alias, numbers);
  const highest = Math.max(0, ...numbers, Number(entry.value[versions.last] ?? 0));
  return { rows: [...numbered, ...aliases], counted: { [versions.last]: highest } };
}

/** The files that a version says it has. */
function filesOf(from: ParsedObject, kind: FileKind | undefined, given: Row): readonly ReadRow[] {
  if (kind === undefined) return [];
  return listIn(from, "files").map((value) => readRow({ ...from, value }, { kind, given }));
}

/** No number occurs twice, as it would after merging two branches that each added a version. */
function numbersOf(versions: readonly ParsedObject[], whose: string): readonly number[] {
  const seen = new Map<unknown, ParsedObject>();
  for (const from of versions) {
    const { version } = from.value;
    const first = seen.get(version);
    if (first !== undefined) throw twins({ first, second: from, whose });
    seen.set(version, from);
  }
  return [...seen.keys()].map(Number);
}

interface Twins {
  readonly first: ParsedObject;
  readonly second: ParsedObject;
  readonly whose: string;
}

function twins({ first, second, whose }: Twins): Error {
  const [earlier, later] =
    Number(first.value["created_us"]) <= Number(second.value["created_us"])
      ? [first, second]
      : [second, first];
  return faulty(later.file, {
    line: lineOf(later, "version"),
    what: `version ${later.value["version"]} of ${whose} is also in ${earlier.file.path}: two branches have added it`,
    todo: `run rivulet renumber '${later.file.path}' to give this one, the later of the two, the next number`,
    code: "conflict",
  });
}

function checkAlias({ row, from }: ReadRow, numbers: readonly number[]): void {
  const lost = targetsOf(from).find((version) => !numbers.includes(Number(version)));
  if (lost === undefined) return;
  throw faulty(from.file, {
    line: lineOf(from, "version"),
    what: `the alias ${JSON.stringify(row["alias"])} points to version ${JSON.stringify(lost)}, whose file is missing`,
    todo: "restore that file from Git, or point the alias to an existing version",
  });
}

/** The versions that an alias points to. */
export function targetsOf({ value }: Pick<ParsedObject, "value">): readonly unknown[] {
  const { arms } = value;
  return Array.isArray(arms) ? arms.map((arm) => arm?.version) : [value["version"]];
}

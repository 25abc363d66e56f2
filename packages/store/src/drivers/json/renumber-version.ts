import { readdirSync, realpathSync, renameSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { messageOf, RivuletError } from "@rivulet/domain";
import { FOLDER_KINDS, type FolderKind } from "./file-kinds.ts";
import { type ParsedObject, parseFile, readText } from "./file-text.ts";
import { isVersionFile, MARKER, tagPrefix } from "./project-paths.ts";
import { targetsOf } from "./read-versions.ts";
import { textFile } from "./text-file.ts";

/** Options of {@link renumberVersion}. */
export interface RenumberOptions {
  /** The new number. @default the first one that was never used */
  readonly to?: number;
  /** Aliases of the old number that should follow to the new one. @default none */
  readonly aliases?: readonly string[];
}

/** What {@link renumberVersion} did. */
export interface Renumbered {
  /** New path of the version's file. */
  readonly path: string;
  /** Name of the prompt or model. */
  readonly name: string;
  /** The old number. */
  readonly from: number;
  /** The new number. */
  readonly to: number;
  /** Aliases that now point to the new number. */
  readonly moved: readonly string[];
  /** Aliases that still point to the old number, now that of another version. */
  readonly left: readonly string[];
}

/**
 * Renumbers a version of a prompt or model in a `json:` project. Two branches may have used the same number, and a
 * project with both cannot be opened. Only files are changed; a store that has the project open reads them again.
 *
 * @param path the version's file
 * @throws RivuletError `invalid_argument` when it is not such a file, `already_exists` when the number is taken,
 * `not_found` for an alias that does not point to the old number, `store_corrupt` for a file that cannot be read
 */
export async function renumberVersion(
  path: string,
  { to, aliases = [] }: RenumberOptions = {},
): Promise<Renumbered> {
  const place = findVersion(path);
  const { folder, kind, file } = place;
  const version = await readJson(folder, file);
  const entry = await readJson(folder, `${kind.noun}.json`);
  const from = Number(version.value["version"]);
  const number = await chooseNumber(place, { from, to, entry });

  const pointing = (await aliasesIn(folder)).filter((alias) => targetsOf(alias).includes(from));
  const moving = aliases.map((alias) => aliasNamed(alias, { pointing, from }));
  const renamed = file.replace(/^v\d+-/, `v${number}-`);
  await writeJson(version, { ...version.value, version: number });
  const tags = basename(tagPrefix(`/${file}`));
  for (const name of readdirSync(folder)) {
    const isTag = name.startsWith(tags);
    if (!isTag && name !== file) continue;
    renameSync(join(folder, name), join(folder, name.replace(/^v\d+-/, `v${number}-`)));
  }
  for (const alias of moving) await writeJson(alias, pointElsewhere(alias, from, number));
  return {
    path: join(folder, renamed),
    name: String(entry.value["name"]),
    from,
    to: number,
    moved: aliases,
    left: pointing.filter((one) => !moving.includes(one)).map(nameOf),
  };
}

interface VersionPlace {
  readonly folder: string;
  readonly kind: FolderKind;
  readonly file: string;
}

function findVersion(given: string): VersionPlace {
  const path = realPath(given);
  const folder = dirname(path);
  const kind = FOLDER_KINDS.find((one) => one.folder === basename(dirname(folder)));
  const marker = join(dirname(dirname(folder)), MARKER);
  const isProject = statSync(marker, { throwIfNoEntry: false }) !== undefined;
  if (kind?.versions !== undefined && isProject && isVersionFile(path)) {
    return { folder, kind, file: basename(path) };
  }
  throw new RivuletError(
    "invalid_argument",
    `${path} is not the file of a prompt or model version in a json: project. Expected a path such as PROJECT/prompts/NAME/v2-0123456789.json.`,
    { details: { path } },
  );
}

function realPath(path: string): string {
  try {
    // Resolves links to folders, but not a link to the file itself.
    return join(realpathSync(dirname(path)), basename(path));
  } catch (cause) {
    throw new RivuletError("not_found", `There is no ${path}: ${messageOf(cause)}.`, { cause });
  }
}

async function readJson(folder: string, name: string): Promise<ParsedObject> {
  const path = join(folder, name);
  const file = textFile(path);
  await file.read();
  if (file.data === null) {
    throw new RivuletError("not_found", `There is no ${path}.`, { details: { path } });
  }
  return parseFile({ path, name, text: readText(path, file.data) });
}

async function writeJson({ file: { path } }: ParsedObject, value: object): Promise<void> {
  const file = textFile(path);
  file.data = Buffer.from(`${JSON.stringify(value, null, 2)}\n`);
  await file.write();
}

interface Choice {
  readonly from: number;
  readonly to: number | undefined;
  readonly entry: ParsedObject;
}

async function chooseNumber(place: VersionPlace, { from, to, entry }: Choice): Promise<number> {
  const { folder, kind, file } = place;
  const names = readdirSync(folder).filter((name) => name !== file && isVersionFile(`/${name}`));
  const others = await Promise.all(names.map((name) => readJson(folder, name)));
  const taken = others.map(({ value }) => Number(value["version"]));
  const last = Number(entry.value[kind.versions?.last ?? ""] ?? 0);
  const number = to ?? Math.max(from, last, ...taken) + 1;
  if (Number.isSafeInteger(number) && number > 0 && !taken.includes(number)) return number;
  const isTaken = taken.includes(number);
  throw new RivuletError(
    isTaken ? "already_exists" : "invalid_argument",
    isTaken
      ? `Version ${number} already exists in ${folder}: choose another number.`
      : `A version number must be a whole number from 1, not ${number}.`,
    { details: { path: folder } },
  );
}

async function aliasesIn(folder: string): Promise<readonly ParsedObject[]> {
  const names = readdirSync(folder).filter((name) => name.startsWith("alias-"));
  return Promise.all(names.map((name) => readJson(folder, name)));
}

interface Pointing {
  /** Aliases that point to the old number. */
  readonly pointing: readonly ParsedObject[];
  readonly from: number;
}

function aliasNamed(alias: string, { pointing, from }: Pointing): ParsedObject {
  const found = pointing.find((one) => nameOf(one) === alias);
  if (found !== undefined) return found;
  const names = pointing.map(nameOf).join(", ") || "none";
  throw new RivuletError(
    "not_found",
    `No alias ${JSON.stringify(alias)} points to version ${from}. Those that do: ${names}.`,
  );
}

function nameOf({ value }: ParsedObject): string {
  return String(value["alias"]);
}

function pointElsewhere({ value }: ParsedObject, from: number, to: number): object {
  const { arms } = value;
  if (!Array.isArray(arms)) return { ...value, version: to };
  return {
    ...value,
    arms: arms.map((arm) => (arm?.version === from ? { ...arm, version: to } : arm)),
  };
}

import { hash } from "node:crypto";
import { join, posix } from "node:path";

/** Marks a folder as a project, and names its format. */
export const MARKER = "rivulet.json";
/** Format of the folder; other releases may use another one. */
export const FORMAT = 1;
/** The part of a project that Git ignores. */
export const LOCAL = "local";
/** Machine-local rows: one file, so that a record and the mark that it was processed are one write. */
export const STATE: string = `${LOCAL}/state.jsonl`;
/** Times of the last changes. */
export const UPDATED: string = `${LOCAL}/updated.json`;
/** A change of several files, until all of them are written. */
export const JOURNAL: string = `${LOCAL}/journal.json`;

/** Places of the parts of a project that are not entities. */
export interface ProjectPlaces {
  readonly marker: string;
  readonly local: string;
  readonly lock: string;
  readonly spool: string;
  readonly owners: string;
  /** Bytes of artifacts, by content. */
  readonly files: string;
  /** Bytes of files that traces refer to, by content. */
  readonly attachments: string;
}

/** The places of a project in a folder. */
export function placesOf(folder: string): ProjectPlaces {
  const local = join(folder, LOCAL);
  return {
    marker: join(folder, MARKER),
    local,
    lock: join(local, "lock"),
    spool: join(local, "spool"),
    owners: join(local, "owners"),
    files: join(folder, "files"),
    attachments: join(local, "files"),
  };
}

const PLAIN = /^[a-z0-9_][a-z0-9._-]{0,62}[a-z0-9_]$|^[a-z0-9_]$/;
/** Names that Windows reserves for devices, with any ending. */
const RESERVED = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/;
const LONGEST_SLUG = 48;

/**
 * A name that every file system takes and tells apart: a plain one as it is, any other as its plain letters and a
 * digest.
 */
export function safeName(name: string): string {
  if (PLAIN.test(name) && !RESERVED.test(name)) return name;
  const letters = name.toLowerCase().replaceAll(/[^a-z0-9_]+/g, "-");
  const slug = letters.slice(0, LONGEST_SLUG).replaceAll(/^-+|-+$/g, "");
  // Plain names contain no tilde.
  return `${slug}~${shortDigest(name)}`;
}

/** A version's file. The digest distinguishes versions that got the same number on two branches. */
export function versionFile(folder: string, version: number, origin: string): string {
  return `${folder}/v${version}-${shortDigest(origin)}.json`;
}

/** An alias's file. */
export function aliasFile(folder: string, alias: string): string {
  return `${folder}/alias-${safeName(alias)}.json`;
}

/** The file of a tag of the entity or version in a file. */
export function tagFile(tagged: string, key: string): string {
  return `${tagPrefix(tagged)}${safeName(key)}.json`;
}

/** Prefix of the names of the tag files that belong to a file. */
export function tagPrefix(tagged: string): string {
  const isVersion = VERSION_FILE.test(tagged);
  return isVersion ? tagged.replace(/json$/, "tag-") : `${posix.dirname(tagged)}/tag-`;
}

/** Whether a file contains a version. */
export function isVersionFile(name: string): boolean {
  return VERSION_FILE.test(name);
}

const VERSION_FILE = /\/v\d+-[^./]+\.json$/;

/** The unit a file belongs to: the first two segments of its name. */
export function unitPathOf(name: string): string {
  return name.split("/").slice(0, 2).join("/");
}

function shortDigest(text: string): string {
  return hash("sha256", text).slice(0, 10);
}

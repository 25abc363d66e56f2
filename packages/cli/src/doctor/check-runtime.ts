import { type Finding, isAtLeast, note, ok, problem } from "./finding.ts";

const OLDEST_NODE = "22.18.0";
const GOOD_NODE = "24.15.0";
/** The first SQLite without the WAL-reset bug. */
const SAFE_SQLITE = "3.51.3";

/** The versions of what Rivulet runs on. */
export interface Runtime {
  readonly node: string;
  readonly sqlite: string | undefined;
}

/** This process. */
export function thisRuntime(): Runtime {
  return { node: process.versions.node, sqlite: process.versions["sqlite"] };
}

/** Looks at Node and its SQLite. */
export function checkRuntime({ node, sqlite }: Runtime): readonly Finding[] {
  return [checkNode(node), checkSqlite(sqlite)];
}

function checkNode(version: string): Finding {
  const name = "Node";
  if (!isAtLeast(version, OLDEST_NODE)) {
    return problem(name, `${version} is too old: install ${OLDEST_NODE} or newer.`);
  }
  if (isAtLeast(version, GOOD_NODE)) return ok(name, version);
  return note(name, `${version} works; ${GOOD_NODE} or newer is better.`);
}

function checkSqlite(version: string | undefined): Finding {
  const name = "SQLite";
  if (version === undefined) return problem(name, "This Node has no node:sqlite.");
  if (isAtLeast(version, SAFE_SQLITE)) return ok(name, version);
  return note(
    name,
    `${version} is older than ${SAFE_SQLITE}: a second process may damage a WAL file, so only one may open a store.`,
  );
}

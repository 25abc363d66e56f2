import { hasWalResetBug, SAFE_NODE, SAFE_SQLITE } from "@rivulet/core";
import { type Finding, isAtLeast, note, ok, problem } from "./finding.ts";

const OLDEST_NODE = "22.18.0";

/** Versions of Node and SQLite. */
export interface Runtime {
  readonly node: string;
  readonly sqlite: string | undefined;
}

/** Those of this process. */
export function thisRuntime(): Runtime {
  return { node: process.versions.node, sqlite: process.versions["sqlite"] };
}

/** Checks Node and its SQLite. */
export function checkRuntime({ node, sqlite }: Runtime): readonly Finding[] {
  return [checkNode(node), checkSqlite(sqlite)];
}

function checkNode(version: string): Finding {
  const name = "Node";
  if (!isAtLeast(version, OLDEST_NODE)) {
    return problem(name, `${version} is too old: install ${OLDEST_NODE} or newer.`);
  }
  if (isAtLeast(version, SAFE_NODE)) return ok(name, version);
  return note(name, `${version} works; ${SAFE_NODE} or newer is better.`);
}

function checkSqlite(version: string | undefined): Finding {
  const name = "SQLite";
  if (version === undefined) return problem(name, "This Node has no node:sqlite.");
  if (!hasWalResetBug(version)) return ok(name, version);
  return note(
    name,
    `${version} can damage a file that is written by two processes (the WAL-reset bug, fixed in ${SAFE_SQLITE}), so it needs exclusive access to a store. Node ${SAFE_NODE} has the fix.`,
  );
}

import { RivuletError } from "@rivulet/domain";
import type { ArtifactKey } from "@rivulet/store";
import { parseInput, referenceSchema } from "./validation.ts";

/** What `name`, `name@3` or `name@alias` means. Neither version nor alias: the newest version. */
export interface Reference {
  readonly name: string;
  readonly version?: number;
  readonly alias?: string;
}

/**
 * Takes a reference to a version apart. `@v3` is `@3`, and `@latest` is the newest.
 *
 * @param what `prompt` or `model`, for the message
 * @throws RivuletError `invalid_argument`
 */
export function parseReference(reference: string, what: string): Reference {
  parseInput(referenceSchema, reference, what);
  const at = reference.lastIndexOf("@");
  if (at === -1) return { name: reference };
  const name = reference.slice(0, at);
  const tail = reference.slice(at + 1);
  if (name === "" || tail === "") {
    throw new RivuletError(
      "invalid_argument",
      `"${reference}" lacks a name or what follows the @.`,
    );
  }
  if (tail.toLowerCase() === "latest") return { name };
  const digits = /^v?(\d{1,15})$/i.exec(tail)?.[1];
  return digits === undefined ? { name, alias: tail } : { name, version: Number(digits) };
}

/** The error for something that is not there. */
export function notFound(what: string, id: string): RivuletError {
  return new RivuletError("not_found", `There is no ${what} "${id.slice(0, 300)}".`, {
    details: { id: id.slice(0, 300) },
  });
}

/** The error for some things that are not there, with all of their ids, joined by commas. */
export function noneOf(what: string, ids: readonly string[]): RivuletError {
  const [first = "", ...others] = ids.map((id) => id.slice(0, 300));
  const rest = others.length === 0 ? "" : `, nor ${others.length} others that were asked for`;
  return new RivuletError("not_found", `There is no ${what} "${first}"${rest}.`, {
    details: { id: first, ids: [first, ...others].join(", ") },
  });
}

/** The error for a file that a run does not have. */
export function noArtifact({ runId, path }: ArtifactKey): RivuletError {
  const [file, run] = [path.slice(0, 300), runId.slice(0, 300)];
  return new RivuletError("not_found", `There is no artifact "${file}" of run "${run}".`, {
    details: { id: file },
  });
}

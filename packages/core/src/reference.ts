import { type ModelStage, RivuletError, readStage } from "@rivulet/domain";
import type { ArtifactKey } from "@rivulet/store";
import { parseInput, referenceSchema } from "./validation.ts";

/** What `name`, `name@3` or `name@alias` means. Neither version, alias nor stage: the newest version. */
export interface Reference {
  readonly name: string;
  readonly version?: number;
  readonly alias?: string;
  /** The newest version in this stage; of models only. */
  readonly stage?: ModelStage;
}

/** A logged model, by its id. */
export interface LoggedModelReference {
  /** `m-` and 32 hex digits. */
  readonly modelId: string;
}

/** What names a model: a version of a registered one, a logged one, or the files of a run. */
export type ModelReference = Reference | LoggedModelReference | ArtifactKey;

/** The forms of references, for messages. */
const FORMS: Readonly<Record<string, string>> = {
  model:
    "name, name@3, name@alias, models:/name/3, models:/name@alias, models:/name/latest, models:/name/Production, models:/m-<id of a logged model> or runs:/<run id>/<path>",
  prompt: "name, name@3, name@alias, prompts:/name/3 or prompts:/name@alias",
};

/**
 * Takes a reference to a version apart: `name`, `name@3`, `name@alias`, or MLflow's `models:/name/3`,
 * `models:/name@alias`, `models:/name/latest` and `models:/name/Production`, and the same with `prompts:/`. `@v3` is
 * `@3`, and `@latest` is the newest.
 *
 * @param what `prompt`, `model` or `dataset`, for the message
 * @throws RivuletError `invalid_argument`
 */
export function parseReference(reference: string, what: string): Reference {
  parseInput(referenceSchema, reference, what);
  const scheme = `${what}s:/`;
  if (reference.startsWith(scheme)) return parsePath(reference, what);
  if (/^[a-z][a-z0-9]*:\//i.test(reference)) throw unreadable(reference, what);
  const at = reference.lastIndexOf("@");
  if (at === -1) return { name: reference };
  const name = reference.slice(0, at);
  const tail = reference.slice(at + 1);
  if (name === "" || tail === "") throw unreadable(reference, what);
  return pointed(name, tail);
}

/**
 * Takes a reference to a model apart: those of {@link parseReference}, `models:/m-<id>` for a logged model, and
 * `runs:/<run id>/<path>`.
 *
 * @throws RivuletError `invalid_argument`
 */
export function parseModelReference(reference: string): ModelReference {
  parseInput(referenceSchema, reference, "model");
  const modelId = /^models:\/(m-[0-9a-f]{32})$/.exec(reference)?.[1];
  if (modelId !== undefined) return { modelId };
  return parseRunReference(reference) ?? parseReference(reference, "model");
}

/** Takes `runs:/<run id>/<path>` apart; `undefined` for another form. @throws RivuletError `invalid_argument` */
export function parseRunReference(reference: string): ArtifactKey | undefined {
  if (!reference.startsWith("runs:/")) return undefined;
  const [, runId, path = ""] = /^runs:\/([^/]+)\/(.+)$/.exec(reference) ?? [];
  if (runId === undefined) throw unreadable(reference, "model");
  return { runId, path: withoutEnd(path) };
}

/** A path without slashes at its end. */
export function withoutEnd(path: string): string {
  return path.replace(/\/+$/, "");
}

/** `models:/name/3` and its like. */
function parsePath(reference: string, what: string): Reference {
  const rest = reference.slice(`${what}s:/`.length);
  const [, name = "", mark, tail = ""] = /^([^/@]+)(?:([/@])([^/@]+))?$/.exec(rest) ?? [];
  if (name === "") throw unreadable(reference, what);
  if (mark === undefined) return { name };
  if (mark === "@") return pointed(name, tail);
  if (tail.toLowerCase() === "latest") return { name };
  if (/^\d{1,15}$/.test(tail)) return { name, version: Number(tail) };
  const stage = what === "model" ? readStage(tail) : undefined;
  if (stage === undefined || stage === null) throw unreadable(reference, what);
  return { name, stage };
}

function pointed(name: string, tail: string): Reference {
  if (tail.toLowerCase() === "latest") return { name };
  const digits = /^v?(\d{1,15})$/i.exec(tail)?.[1];
  return digits === undefined ? { name, alias: tail } : { name, version: Number(digits) };
}

function unreadable(reference: string, what: string): RivuletError {
  return new RivuletError(
    "invalid_argument",
    `"${reference.slice(0, 300)}" is no reference to a ${what}. Write ${FORMS[what] ?? "name or name@3"}.`,
    { details: { field: what } },
  );
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

import { stat } from "node:fs/promises";
import { type Artifact, jsonText, type Rivulet } from "@rivulet/core";
import type { Command } from "commander";
import { EXIT, type ExitCode } from "../exit-code.ts";
import { writeLine } from "../output.ts";
import { describeResult } from "../view/describe-result.ts";
import type { OpenFor } from "./open-for.ts";

/** Options of `artifacts put`. */
export interface PutOptions {
  readonly runId: string;
  readonly path?: string;
  readonly contentType?: string;
  readonly store: string;
  readonly json: boolean;
}

type Given = PutOptions & { readonly file: string };

/** Stores a file, what comes from stdin, or all files in a folder. */
export async function putArtifacts(
  command: Command,
  given: Given,
  open: OpenFor,
): Promise<ExitCode> {
  const { file, path, contentType, store, json } = given;
  const isFolder = await stat(file).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (file === "-" && path === undefined)
    return command.error("error: --path: name what comes from stdin");
  if (isFolder && contentType !== undefined)
    return command.error("error: --content-type: is for one file, not for a folder");
  await using rivulet = await open({ id: "artifacts.put", access: "write" }, store);
  if (isFolder) {
    const { runId } = given;
    const to = path === undefined ? {} : { path };
    const artifacts = await rivulet.artifacts.putFolder({ runId, folder: file, ...to });
    writeLine(json ? jsonText(artifacts) : describeResult("artifacts.list", artifacts));
    return EXIT.ok;
  }
  const artifact = await putFile(rivulet, given);
  writeLine(json ? jsonText(artifact) : describeResult("artifacts.put", artifact));
  return EXIT.ok;
}

function putFile(
  { artifacts }: Rivulet,
  { runId, file, path, contentType }: Given,
): Promise<Artifact> {
  const type = contentType === undefined ? {} : { contentType };
  if (file === "-") {
    return artifacts.put({ runId, path: path ?? "", content: process.stdin, ...type });
  }
  return artifacts.putFile({ runId, file, ...(path === undefined ? {} : { path }), ...type });
}

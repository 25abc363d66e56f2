import { type ActiveRun, type LoggedModel, type Rivulet, RivuletError } from "@rivulet/core";
import type { io } from "@tensorflow/tfjs-core";
import { fromFiles, MODEL_FILE, toFiles } from "./model-artifacts.ts";

/** What TensorFlow.js saves models to and loads them from. */
export interface ModelHandler extends io.IOHandler {
  /** Keeps a model. */
  save(artifacts: io.ModelArtifacts): Promise<io.SaveResult>;
  /** Gives a model back. */
  load(): Promise<io.ModelArtifacts>;
}

/** What is used of a client. */
export type HandlerClient = Pick<Rivulet, "artifacts" | "loggedModels" | "models">;

const SCHEME = "rivulet://";
const SAVED: io.ModelArtifactsInfo["modelTopologyType"] = "JSON";

/**
 * The handler of an address: `model.save(rivuletHandler(rivulet, "rivulet://RUN/PATH"))` keeps a model among the
 * artifacts of a run. `tf.loadLayersModel` reads that again, and also `models:/NAME@ALIAS`, `models:/NAME/3`,
 * `models:/m-ID` and `runs:/RUN/PATH`.
 *
 * @throws RivuletError `invalid_argument` for another address
 */
export function rivuletHandler(rivulet: HandlerClient, address: string): ModelHandler {
  const place = parseAddress(address);
  return {
    save: async (artifacts) => {
      if (place.kind !== "run") {
        throw new RivuletError(
          "invalid_argument",
          `A model is saved to a run: ${SCHEME}RUN/PATH, not ${address}.`,
        );
      }
      const { runId, path } = place;
      for (const [file, content] of Object.entries(toFiles(artifacts))) {
        await rivulet.artifacts.put({ runId, path: `${path}/${file}`, content });
      }
      return savedResult(artifacts);
    },
    load: async () => {
      const { runId, path } = await folderOf(rivulet, place);
      return fromFiles(async (file) => {
        const { content } = await rivulet.artifacts.get({ runId, path: `${path}/${file}` });
        return content;
      });
    },
  };
}

/** The handler that a model is loaded with: see {@link rivuletHandler} for the addresses. */
export function loadFrom(rivulet: HandlerClient, address: string): ModelHandler {
  return rivuletHandler(rivulet, address);
}

/** The handler that keeps a model among the artifacts of a run, below `path`. */
export function saveTo(
  rivulet: HandlerClient,
  { id }: Pick<ActiveRun, "id">,
  path: string,
): ModelHandler {
  return rivuletHandler(rivulet, `${SCHEME}${id}/${path}`);
}

/** What TensorFlow.js is told of a model that was saved. */
export function savedResult({ weightSpecs = [] }: io.ModelArtifacts): io.SaveResult {
  return {
    modelArtifactsInfo: {
      dateSaved: new Date(),
      modelTopologyType: SAVED,
      weightSpecsBytes: JSON.stringify(weightSpecs).length,
    },
  };
}

interface Folder {
  readonly runId: string;
  readonly path: string;
}

type Place =
  | (Folder & { readonly kind: "run" })
  | { readonly kind: "logged"; readonly id: string }
  | { readonly kind: "version"; readonly reference: string };

function parseAddress(address: string): Place {
  const plain = address.replace(/^rivulet:\/\/(?=models:|runs:)/, "");
  const [, runId = "", path = ""] = /^(?:rivulet:\/\/|runs:\/)([^/]+)\/(.+)$/.exec(plain) ?? [];
  if (runId !== "") return { kind: "run", runId, path: path.replace(/\/+$/, "") };
  const name = /^models:\/(.+)$/.exec(plain)?.[1];
  if (name !== undefined) {
    if (/^m-[0-9a-f]{32}$/.test(name)) return { kind: "logged", id: name };
    const version = /^(.+)\/(\d+)$/.exec(name);
    return { kind: "version", reference: version ? `${version[1]}@${version[2]}` : name };
  }
  throw new RivuletError(
    "invalid_argument",
    `"${address.slice(0, 200)}" names no model. Write rivulet://RUN/PATH, models:/NAME@ALIAS, models:/NAME/3 or models:/m-ID.`,
    { details: { field: "address" } },
  );
}

async function folderOf(rivulet: HandlerClient, place: Place): Promise<Folder> {
  if (place.kind === "run") return place;
  if (place.kind === "logged") return ofModel(await rivulet.loggedModels.get(place.id));
  const { runId, artifactPath } = await rivulet.models.getVersion(place.reference);
  if (runId === undefined || artifactPath === undefined) {
    throw new RivuletError("not_found", `The version ${place.reference} has no files of a run.`);
  }
  // A version may name the model's main file rather than its folder.
  const path = artifactPath.endsWith(`/${MODEL_FILE}`)
    ? artifactPath.slice(0, -MODEL_FILE.length - 1)
    : artifactPath;
  return { runId, path };
}

function ofModel({ runId, artifactPath }: LoggedModel): Folder {
  return { runId, path: artifactPath };
}

import { type ActiveRun, type Rivulet, RivuletError } from "@rivulet/core";
import type { io } from "@tensorflow/tfjs-core";
import { fromFiles, MODEL_FILE, type ReadFile, toFiles } from "./model-artifacts.ts";

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
 * artifacts of a run. `tf.loadLayersModel` reads that again, and also `models:/m-ID`, `runs:/RUN/PATH`, and the other
 * references of the registry: `models:/NAME@ALIAS`, `models:/NAME/3`, `models:/NAME/latest`, `models:/NAME/Production`. Of a
 * version the files are read that were registered, whatever became of its run.
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
    load: async () => fromFiles(await readerOf(rivulet, place)),
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
  const id = /^models:\/(m-[0-9a-f]{32})$/.exec(plain)?.[1];
  if (id !== undefined) return { kind: "logged", id };
  // The registry reads what else a reference may be.
  if (/^models:\/./.test(plain)) return { kind: "version", reference: plain };
  throw new RivuletError(
    "invalid_argument",
    `"${address.slice(0, 200)}" names no model. Write rivulet://RUN/PATH, models:/NAME@ALIAS, models:/NAME/3, models:/NAME/Production or models:/m-ID.`,
    { details: { field: "address" } },
  );
}

async function readerOf(rivulet: HandlerClient, place: Place): Promise<ReadFile> {
  if (place.kind === "run") return ofFolder(rivulet, place);
  if (place.kind === "version") return ofVersion(rivulet, place.reference);
  const { runId, artifactPath } = await rivulet.loggedModels.get(place.id);
  return ofFolder(rivulet, { runId, path: artifactPath });
}

function ofFolder({ artifacts }: HandlerClient, { runId, path }: Folder): ReadFile {
  return async (file) => (await artifacts.get({ runId, path: `${path}/${file}` })).content;
}

/** The files that the version has pinned. An alias may move to another one while they are read. */
async function ofVersion(rivulet: HandlerClient, reference: string): Promise<ReadFile> {
  const { name, version, runId, artifactPath } = await rivulet.models.getVersion(reference);
  const pinned = `models:/${name}/${version}`;
  const paths = new Set((await rivulet.models.files(pinned)).map(({ path }) => path));
  if (paths.size === 0) {
    throw new RivuletError("not_found", `The version ${pinned} has no files.`);
  }
  const load: ReadFile = (path) => rivulet.models.load(pinned, { path });
  // A version of the main file alone has its weights beside that, in the run.
  const isMain = artifactPath?.endsWith(`/${MODEL_FILE}`) === true && paths.size === 1;
  if (!isMain || runId === undefined) return load;
  const beside = ofFolder(rivulet, { runId, path: artifactPath.slice(0, -MODEL_FILE.length - 1) });
  return (path) => (paths.has(path) ? load(path) : beside(path));
}

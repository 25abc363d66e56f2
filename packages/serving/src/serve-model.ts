import { type Rivulet, RivuletError, toRivuletError } from "@rivulet/core";
import pLimit from "p-limit";
import { loadByFiles } from "./loaders/load-by-files.ts";
import type { ModelLoader } from "./model.ts";
import { predictionsText } from "./predictions-text.ts";
import { parseBody } from "./request/parse-body.ts";
import { readText } from "./request/read-text.ts";
import { fitRows, type ModelSignature } from "./request/signature.ts";
import {
  type FailedVersion,
  type Followed,
  followReference,
  type LoadingVersion,
} from "./serving/follow-reference.ts";

/** Options of {@link serveModel}. */
export interface ServeModelOptions {
  /** The version to serve: `iris@production`, `iris@3`, or `iris` for the latest. */
  readonly reference: string;
  /** Makes a model of its files. @default ONNX by onnxruntime-node, TensorFlow.js by \@tensorflow/tfjs */
  readonly loader?: ModelLoader;
  /**
   * Most milliseconds that loading a version may take. One that takes longer is not served; a version that the reference
   * means meanwhile does not wait for it. @default 300000 (5 minutes)
   */
  readonly loadTimeoutMs?: number;
  /** Most bytes of a body. @default 10 MiB */
  readonly maxBodyBytes?: number;
  /** Most rows of a request. @default 10000 */
  readonly maxRows?: number;
  /** Requests that are predicted at once. @default 4 */
  readonly concurrency?: number;
  /** Requests that wait for their turn; further ones are refused with 503. @default 100 */
  readonly maxWaiting?: number;
}

/** What a server says of itself. */
export interface ServedModel {
  /** Name of the registered model. */
  readonly model: string;
  /** The version that new requests use. */
  readonly version: number;
  /** The reference that is followed. */
  readonly reference: string;
  /** When it was loaded, in milliseconds since the epoch. */
  readonly loadedAt: number;
  /** What it takes, where it is known. */
  readonly signature?: ModelSignature;
  /** The version that the reference means, while it is loaded; the one before is still served. */
  readonly loading?: LoadingVersion;
  /** The version that the reference means, when it could not be loaded; the one before is still served. */
  readonly failed?: FailedVersion;
}

/** A model that is being served. */
export interface ModelServer {
  /**
   * Answers `POST /invocations`, `GET /ping`, `GET /health` and `GET /version` below `basePath`; never rejects. Who may
   * call is for the app to say.
   */
  handle(request: Request, context?: { readonly basePath?: string }): Promise<Response>;
  /** What is served now. */
  served(): ServedModel;
  /** Takes no more requests, waits for those that run, and frees the model. */
  close(): Promise<void>;
}

const MIB = 1024 * 1024;
const LOAD_TIMEOUT_MS = 300_000;

/**
 * Loads a model version and answers MLflow's scoring protocol with it. When its alias moves, the new version takes over:
 * requests that run finish on the old one, and one that cannot be loaded leaves the old one serving, and is reported.
 *
 * @throws RivuletError `not_found` for the version or its files; `unsupported` when nothing can load it;
 * `deadline_exceeded` when that takes too long; what the loader throws
 */
export async function serveModel(
  rivulet: Rivulet,
  options: ServeModelOptions,
): Promise<ModelServer> {
  const { reference, loader = loadByFiles, loadTimeoutMs = LOAD_TIMEOUT_MS } = options;
  const followed = await followReference({ rivulet, reference, loader, loadTimeoutMs });
  const score = createScoring(followed, options);
  let closing: Promise<void> | undefined;

  const route = async (request: Request, path: string): Promise<Response> => {
    if (closing !== undefined) throw new RivuletError("closed", "The server is being stopped.");
    const method = request.method === "HEAD" ? "GET" : request.method;
    switch (`${method} ${path}`) {
      case "POST /invocations":
        return score(request);
      case "GET /ping":
      case "GET /health":
        return new Response("\n", { headers: { "content-type": "application/json" } });
      case "GET /version":
        return Response.json(describe(followed, reference));
      default:
        return failure({
          status: 404,
          code: "ENDPOINT_NOT_FOUND",
          message: `There is nothing at ${method} ${path}.`,
        });
    }
  };
  return {
    handle: async (request, { basePath = "" } = {}) => {
      const path = new URL(request.url).pathname.slice(basePath.length).replace(/\/+$/, "");
      return route(request, path).catch((error: unknown) => {
        const answer = toAnswer(error);
        if (answer.status >= 500 && answer.status !== 503) rivulet.reportError(error);
        return answer;
      });
    },
    served: () => describe(followed, reference),
    close: () => {
      closing ??= followed.close();
      return closing;
    },
  };
}

function createScoring(
  followed: Followed,
  {
    maxBodyBytes = 10 * MIB,
    maxRows = 10_000,
    concurrency = 4,
    maxWaiting = 100,
  }: ServeModelOptions,
): (request: Request) => Promise<Response> {
  const inTurn = pLimit(concurrency);
  let taken = 0;
  const score = async (request: Request): Promise<Response> => {
    // Which version answers is decided when the request comes.
    const { signature, version, use } = followed.current();
    return use(async (model) => {
      const text = await readText(request, maxBodyBytes);
      const type = request.headers.get("content-type") ?? "application/json";
      const { rows, params } = parseBody(text, type, signature);
      if (rows.length > maxRows) {
        throw new RivuletError("limit_exceeded", `${rows.length} rows are more than ${maxRows}.`);
      }
      const fitted = signature === undefined ? rows : fitRows(rows, signature);
      const predictions: unknown =
        rows.length === 0 ? [] : await inTurn(async () => model.predict(fitted, params));
      return new Response(predictionsText(predictions, rows.length), {
        headers: {
          "content-type": "application/json",
          "x-model-version": String(version.version),
        },
      });
    });
  };
  return async (request) => {
    if (taken >= concurrency + maxWaiting) {
      const message = `${maxWaiting} requests are waiting already: try again.`;
      return failure({ status: 503, code: "TEMPORARILY_UNAVAILABLE", message });
    }
    taken += 1;
    try {
      return await score(request);
    } finally {
      taken -= 1;
    }
  };
}

function describe(followed: Followed, reference: string): ServedModel {
  const { version, signature, loadedAt } = followed.current();
  const [loading, failed] = [followed.loading(), followed.failed()];
  return {
    model: version.name,
    version: version.version,
    reference,
    loadedAt,
    ...(signature === undefined ? {} : { signature }),
    ...(loading === undefined ? {} : { loading }),
    ...(failed === undefined ? {} : { failed }),
  };
}

/** Code → status and the protocol's code. */
const ANSWERS: Readonly<Record<string, readonly [status: number, code: string]>> = {
  invalid_argument: [400, "BAD_REQUEST"],
  limit_exceeded: [413, "REQUEST_LIMIT_EXCEEDED"],
  unsupported: [415, "BAD_REQUEST"],
  closed: [503, "TEMPORARILY_UNAVAILABLE"],
};

function toAnswer(thrown: unknown): Response {
  const { code, message, details } = toRivuletError(thrown);
  const known = Object.hasOwn(ANSWERS, code) ? ANSWERS[code] : undefined;
  // What a model throws is for whoever runs it, not for whoever asks it.
  if (known === undefined) {
    return failure({ status: 500, code: "INTERNAL_ERROR", message: "The model failed." });
  }
  return failure({ status: known[0], code: known[1], message, details });
}

interface Refused {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly details?: Readonly<Record<string, unknown>>;
}

function failure({ status, code, message, details = {} }: Refused): Response {
  const isAbout = Object.keys(details).length > 0;
  const body = { error_code: code, message, ...(isAbout ? { details } : {}) };
  const headers: Record<string, string> = status === 503 ? { "retry-after": "1" } : {};
  return Response.json(body, { status, headers });
}

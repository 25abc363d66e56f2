import { randomUUID } from "node:crypto";
import { LIMITS, type StringMap, toRivuletError } from "@rivulet/domain";
import * as z from "@rivulet/domain/zod";
import pLimit from "p-limit";
import type { Context } from "../context.ts";
import { nameSchema, optionsSchema, parseInput, readInput } from "../validation.ts";
import { isArtifactPath } from "./artifact-path.ts";
import type { Artifacts } from "./artifacts.ts";
import { exactJson } from "./exact-json.ts";
import { readFigure } from "./figure.ts";
import { imageTypeOf } from "./image-type.ts";
import { logTable, takeTable } from "./log-table.ts";
import type { ImageOptions, RunFiles } from "./run-files.ts";

/** What the files of a run depend on. */
export interface RunFilesParts {
  readonly context: Context;
  readonly artifacts: Artifacts;
  readonly runId: string;
  readonly setTags: (tags: StringMap) => Promise<void>;
}

/** Tags by which MLflow knows that a run has such files. */
const LOGGED_IMAGES = "mlflow.loggedImages";
const LOGGED_ARTIFACTS = "mlflow.loggedArtifacts";

const imageOptionsSchema: z.ZodType<ImageOptions> = optionsSchema(() => ({
  key: nameSchema()
    .refine((key) => !key.includes("%"), "must not contain %")
    .refine(isArtifactPath, "must be a path such as samples/faces"),
  step: z.int("must be a whole number").nonnegative("must be 0 or more").exactOptional(),
  timestamp: z.number().nonnegative().exactOptional(),
}));

/** The verbs of a run's handle that keep files. */
export function createRunFiles(parts: RunFilesParts): RunFiles {
  const { context, artifacts, runId, setTags } = parts;
  // Appends come one after the other, so that they need not be tried again.
  const queue = pLimit(1);
  const put: RunFiles["logArtifact"] = async (path, content, options = {}) => {
    const given = readInput("options", () => ({ ...options }));
    await artifacts.put({ ...given, runId, path, content });
  };

  return {
    logArtifact: put,
    async logFile(file, path, options = {}) {
      const given = readInput("options", () => ({ ...options }));
      await artifacts.putFile({ ...given, runId, file, ...(path === undefined ? {} : { path }) });
    },
    async logFolder(folder, path) {
      await artifacts.putFolder({ runId, folder, ...(path === undefined ? {} : { path }) });
    },
    logText: async (path, text) => put(path, parseInput(z.string(), text, "text")),
    logDict: async (path, value) => put(path, await encodeDict(path, value), typeOfDict(path)),
    async logTable(path, data) {
      // Taken before anything is waited for, because the app may go on with its rows.
      const table = takeTable(data, path);
      await queue(async () => {
        await logTable(context, { runId, path }, table);
        await noteTable(parts, path);
      });
    },
    async logFigure(path, figure) {
      const { content, contentType } = await readFigure(figure);
      await put(path, content, { contentType });
    },
    async logImage(image, options) {
      const {
        key,
        step = 0,
        timestamp = context.now(),
      } = parseInput(imageOptionsSchema, options, "options");
      const content = readInput("image", () =>
        image instanceof Blob ? image : structuredClone(image),
      );
      const { contentType, ending } = await imageTypeOf(content, "image");
      const place = `${key.replaceAll("/", "#")}%step%${step}%timestamp%${Math.round(timestamp)}`;
      await put(`images/${place}%${imageId()}.${ending}`, content, { contentType });
      await setTags({ [LOGGED_IMAGES]: "True" });
    },
  };
}

/** As MLflow's: not beginning with a hex digit, so that it is no percent-encoded sign. */
function imageId(): string {
  return `g${randomUUID().slice(1)}`;
}

const YAML = /\.ya?ml$/i;

async function encodeDict(path: string, value: unknown): Promise<string> {
  const json = exactJson(value, path);
  if (!YAML.test(path)) return json;
  const { stringify } = await import("yaml");
  return stringify(JSON.parse(json));
}

function typeOfDict(path: string): { readonly contentType?: string } {
  return YAML.test(path) ? {} : { contentType: "application/json" };
}

/** Attempts while other processes add to the same tag. */
const MOST_TRIES = 50;

/** Tells MLflow's viewers that it is a table. Each adds to what it has read, so that nothing of others is lost. */
async function noteTable({ context, runId }: RunFilesParts, path: string): Promise<void> {
  const { runs } = await context.store();
  const entry = { path, type: "table" };
  for (let tries = 1; ; tries += 1) {
    const tag = (await runs.get(runId))?.tags[LOGGED_ARTIFACTS];
    const before = listIn(tag);
    if (before.some((one) => JSON.stringify(one) === JSON.stringify(entry))) return;
    const text = JSON.stringify([...before, entry]);
    if (text.length > LIMITS.tagValue) return;
    const expectedTags = { [LOGGED_ARTIFACTS]: tag ?? null };
    try {
      await runs.logBatch({ runId, tags: { [LOGGED_ARTIFACTS]: text }, expectedTags });
      return;
    } catch (error) {
      const isChanged = toRivuletError(error).details["tag"] === LOGGED_ARTIFACTS;
      if (!isChanged || tries === MOST_TRIES) throw error;
    }
  }
}

function listIn(text: string | undefined): readonly unknown[] {
  try {
    const list: unknown = JSON.parse(text ?? "[]");
    return Array.isArray(list) ? list : [];
  } catch {
    return [];
  }
}

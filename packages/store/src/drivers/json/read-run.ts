import type { Row } from "../../sql/database.ts";
import {
  ARTIFACTS,
  INPUT_DATASETS,
  INPUTS,
  LOGGED_MODELS,
  METRICS,
  MODEL_METRICS,
  RUNS,
  RUNS_FOLDER,
  TAGS,
  tableOf,
} from "./file-kinds.ts";
import { faulty, lineOf, type ParsedObject, type ProjectFile, parseFile } from "./file-text.ts";
import { safeName } from "./project-paths.ts";
import { listIn, type ReadRow, readFields, readRow, readTexts } from "./project-rows.ts";
import { checkName, stamp } from "./read-files.ts";

const PARAMS = tableOf("params");
const MODEL_PARAMS = tableOf("model_params");
const BESIDES = ["tags", "params", "metrics", "artifacts", "inputs", "models"];

/** The rows in the file of a run. @throws RivuletError `store_corrupt` */
export function readRun(file: ProjectFile): readonly ReadRow[] {
  const from = parseFile(file);
  const own = readRow(from, { kind: RUNS, given: {}, besides: BESIDES });
  const expected = `${RUNS_FOLDER}/${safeName(String(own.row["id"]))}.json`;
  checkName(from, { field: "id", place: file.name, expected });
  const { id = null, experiment_id = null } = own.row;
  const params = readTexts(from, "params").map(([key, value]) => ({
    table: PARAMS,
    row: { run: id, key, value, experiment_id, number: null },
    from,
  }));
  const metrics = readFields(from, "metrics").map(([key, point]) =>
    readRow(
      { ...from, value: { ...(point as object) } },
      { kind: METRICS, given: { run: id, key, experiment_id } },
    ),
  );
  const artifacts = partsOf(from, "artifacts").map((part) =>
    readRow(part, { kind: ARTIFACTS, given: { run_id: id } }),
  );
  const given = { run_id: id, experiment_id };
  return [
    own,
    ...tagsIn(from, { entity: "run", owner: id }),
    ...params,
    ...metrics,
    ...artifacts,
    ...partsOf(from, "inputs").flatMap((part) => readInput(part, given)),
    ...partsOf(from, "models").flatMap((part) => readModel(part, given)),
  ];
}

function partsOf(from: ParsedObject, field: string): readonly ParsedObject[] {
  return listIn(from, field).map((value) => ({ ...from, value }));
}

function tagsIn(from: ParsedObject, given: Row): readonly ReadRow[] {
  return readTexts(from, "tags").map(([key, value]) => ({
    table: TAGS.table,
    row: { ...given, key, value },
    from,
  }));
}

function readInput(from: ParsedObject, given: Row): readonly ReadRow[] {
  const input = readRow(from, { kind: INPUTS, given, besides: ["dataset"] });
  const { experiment_id = null, name = null, digest = null } = input.row;
  const { dataset } = from.value;
  if (typeof dataset !== "object" || dataset === null || Array.isArray(dataset)) {
    throw faulty(from.file, {
      line: lineOf(from, "dataset"),
      what: `"dataset" of the input ${JSON.stringify(name)} ${dataset === undefined ? "is missing" : "is no object"}`,
      todo: "correct it, or restore the file from Git",
    });
  }
  const part = { ...from, value: { ...dataset } };
  return [input, readRow(part, { kind: INPUT_DATASETS, given: { experiment_id, name, digest } })];
}

function readModel(from: ParsedObject, given: Row): readonly ReadRow[] {
  const rules = { ...given, ...stamp(LOGGED_MODELS, from) };
  const model = readRow(from, {
    kind: LOGGED_MODELS,
    given: rules,
    besides: ["tags", "params", "metrics"],
  });
  const { id = null } = model.row;
  const params = readTexts(from, "params").map(([key, value]) => ({
    table: MODEL_PARAMS,
    row: { model_id: id, key, value, number: null },
    from,
  }));
  const metrics = partsOf(from, "metrics").map((part) =>
    readRow(part, { kind: MODEL_METRICS, given: { model_id: id } }),
  );
  return [model, ...tagsIn(from, { entity: "loggedModel", owner: id }), ...params, ...metrics];
}

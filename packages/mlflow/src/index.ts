export { type ImportOptions, importMlflow } from "./import/import-mlflow.ts";
export type { ImportReport, Renamed, Skipped } from "./import/report.ts";

export { type ImportOptions, importMlflow } from "./import/import-mlflow.ts";
export type { ImportReport, Skipped } from "./import/report.ts";

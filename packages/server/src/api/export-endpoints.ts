import { addressOf } from "@rivulet/client/addresses";
import { metricExportSchema, type Rivulet, runExportSchema, type TableFormat } from "@rivulet/core";
import type * as z from "zod";
import type { Call } from "../router.ts";
import { disposition } from "./artifact-response.ts";
import { inputDecoder } from "./decode-input.ts";
import type { Endpoint } from "./endpoint.ts";

const TYPES: Readonly<Record<TableFormat, string>> = {
  csv: "text/csv; charset=utf-8",
  json: "application/json",
  jsonl: "application/x-ndjson",
  parquet: "application/vnd.apache.parquet",
};

/** Files that are written while they are sent. */
export const exportEndpoints: readonly Endpoint[] = [
  exportEndpoint("runs.export", {
    summary: "Runs as a file: CSV, JSON, lines of JSON or Parquet, a row per run.",
    input: runExportSchema,
    name: "runs",
  }),
  exportEndpoint("runs.exportMetrics", {
    summary: "All points of the metrics of runs as a file: CSV, JSON, lines of JSON or Parquet.",
    input: metricExportSchema,
    name: "metrics",
  }),
];

interface Export {
  readonly summary: string;
  readonly input: z.ZodType;
  /** Of the file, without its ending. */
  readonly name: string;
}

function exportEndpoint(
  id: "runs.export" | "runs.exportMetrics",
  { name, ...facts }: Export,
): Endpoint {
  const { method, path } = addressOf(id);
  const verb = id === "runs.export" ? "export" : "exportMetrics";
  const decode = inputDecoder(facts.input, false);
  return {
    id,
    method,
    path,
    access: "read",
    ...facts,
    body: "none",
    output: "bytes",
    run: async (api, call: Call) => {
      const query = (await decode(api, call)) as unknown as Parameters<
        Rivulet["runs"]["export"]
      >[0];
      const bytes = await api.rivulet.runs[verb](query);
      return new Response(toStream(bytes), {
        headers: {
          "content-type": TYPES[query.format],
          "content-disposition": disposition(`${name}.${query.format}`, true),
          "cache-control": "no-store",
        },
      });
    },
  };
}

/** Pieces are made as they are read; the rest is not when the reader goes away. */
function toStream(bytes: AsyncIterable<Uint8Array>): ReadableStream<Uint8Array> {
  const pieces = bytes[Symbol.asyncIterator]();
  return new ReadableStream(
    {
      pull: async (controller) => {
        const { done, value } = await pieces.next();
        if (done === true) controller.close();
        else controller.enqueue(value);
      },
      cancel: async () => {
        await pieces.return?.();
      },
    },
    { highWaterMark: 0 },
  );
}

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

const RUNS = {
  verb: "export",
  summary: "Runs as a file: CSV, JSON, lines of JSON or Parquet, a row per run.",
  input: runExportSchema,
  name: "runs",
} as const;

const METRICS = {
  verb: "exportMetrics",
  summary: "All points of the metrics of runs as a file: CSV, JSON, lines of JSON or Parquet.",
  input: metricExportSchema,
  name: "metrics",
} as const;

/** Files that are written while they are sent. What is asked for may be too long for an address: a body takes it, too. */
export const exportEndpoints: readonly Endpoint[] = [
  exportEndpoint(RUNS, { id: "runs.export", ...addressOf("runs.export"), body: "none" }),
  exportEndpoint(METRICS, {
    id: "runs.exportMetrics",
    ...addressOf("runs.exportMetrics"),
    body: "none",
  }),
  exportEndpoint(RUNS, {
    id: "system.exportRuns",
    method: "POST",
    path: addressOf("runs.export").path,
    body: "json",
  }),
  exportEndpoint(METRICS, {
    id: "system.exportMetrics",
    method: "POST",
    path: addressOf("runs.exportMetrics").path,
    body: "json",
  }),
];

interface Export {
  readonly verb: "export" | "exportMetrics";
  readonly summary: string;
  readonly input: z.ZodType;
  /** Of the file, without its ending. */
  readonly name: string;
}

function exportEndpoint(
  { verb, name, summary, input }: Export,
  { id, method, path, body }: Pick<Endpoint, "id" | "method" | "path" | "body">,
): Endpoint {
  const decode = inputDecoder(input, body === "json");
  return {
    id,
    method,
    path,
    access: "read",
    summary,
    input,
    body,
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

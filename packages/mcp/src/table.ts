import { fieldsOf, type JsonValue, type OperationId, type Page, RivuletError } from "@rivulet/core";
import * as z from "zod";
import type { JsonSchema } from "./json-schema.ts";
import { operationTool } from "./operation-tool.ts";
import { type McpTool, operationOf, type ToolTexts } from "./tool.ts";
import type { View } from "./view.ts";

/** A list: about a quarter of the size of a list of objects, and as readable to a model. */
export interface Table {
  /** Names of the fields. */
  readonly columns: readonly string[];
  /** One list of values for each item; `null` where it has none, and times as ISO text. */
  readonly rows: readonly (readonly JsonValue[])[];
  /** Continues the list. */
  readonly nextPageToken?: string;
  /** `false` when the search ran out of time: it continues at `nextPageToken`. */
  readonly complete?: false;
}

/** JSON schema of {@link Table}. */
export const TABLE: JsonSchema = {
  type: "object",
  properties: { columns: { type: "array" }, rows: { type: "array" } },
  required: ["columns", "rows"],
};

/** Column name → how it is worked out from an item. */
export type ExtraColumns<T> = Readonly<Record<string, (item: T) => JsonValue | undefined>>;

/** The columns of a table. */
export interface Columns<T> {
  /** Those that are shown by default. */
  readonly shown: readonly string[];
  /** Columns besides the items' own fields. @default none */
  readonly extra?: ExtraColumns<T>;
  /** The items' own fields. @default those that are shown, without the extra ones */
  readonly own?: readonly string[];
}

/**
 * Items as columns and rows.
 *
 * @param fields columns to show instead of the default ones
 * @throws RivuletError `invalid_argument` for a field that is no column, naming those that are
 */
export function toTable<T>(
  { items, nextPageToken, complete }: Page<T>,
  columns: Columns<T>,
  fields: readonly string[] = columns.shown,
): Table {
  const readers = fields.map((name) => readerOf(columns, name));
  return {
    columns: fields,
    rows: items.map((item) => readers.map((read) => read(item) ?? null)),
    ...(nextPageToken === undefined ? {} : { nextPageToken }),
    ...(complete === undefined ? {} : { complete }),
  };
}

function readerOf<T>(
  { shown, extra = {}, own = shown }: Columns<T>,
  name: string,
): (item: T) => JsonValue | undefined {
  const read = Object.hasOwn(extra, name) ? extra[name] : undefined;
  if (read !== undefined) return read;
  if (own.includes(name)) return (item) => readField(item, name);
  const known = [...new Set([...own, ...Object.keys(extra)])].join(", ");
  throw new RivuletError("invalid_argument", `There is no field "${name}". Fields: ${known}.`, {
    details: { field: "arguments.fields" },
  });
}

const TIMES: readonly string[] = [
  "createdAt",
  "updatedAt",
  "startTime",
  "endTime",
  "firstTraceTime",
  "lastTraceTime",
  "at",
];

function readField(item: unknown, name: string): JsonValue | undefined {
  const value = (item as Readonly<Record<string, JsonValue | undefined>>)[name];
  return TIMES.includes(name) && typeof value === "number" ? new Date(value).toISOString() : value;
}

/** A tool that gives a page as a table. */
interface PageTool<T> extends ToolTexts, Columns<T> {
  readonly operation: OperationId;
}

/** More than any record has fields. */
const MOST_COLUMNS = 50;
/** Items per page: fewer than elsewhere, because a model reads them all. */
const PAGE_SIZE = 20;

/** An operation that gives pages, as a tool that gives them as tables. */
export function pageTool<T>({ shown, extra = {}, ...tool }: PageTool<T>): McpTool {
  const own = itemFieldsOf(tool.operation);
  const view: View = {
    fields: {
      fields: z
        .array(z.string())
        .max(MOST_COLUMNS)
        .describe(`Columns to show; default ${shown.join(", ")}`)
        .exactOptional(),
    },
    outputSchema: TABLE,
    show: (answer, { fields }) =>
      toTable(answer as Page<T>, { shown, extra, own }, fields as readonly string[] | undefined),
  };
  return operationTool({ ...tool, defaults: { limit: PAGE_SIZE }, view });
}

/** The fields of the items of an operation that gives pages. */
function itemFieldsOf(id: OperationId): readonly string[] {
  const { items } = fieldsOf(operationOf(id).output);
  return items instanceof z.ZodArray ? Object.keys(fieldsOf(items.element as z.ZodType)) : [];
}

import {
  type OperationId,
  optionsSchema,
  type Page,
  type Rivulet,
  type SearchQuery,
} from "@rivulet/core";
import * as z from "zod";
import { allOf, contains } from "./clauses.ts";
import { type Columns, tableSchema, toTable } from "./table.ts";
import { cursorSchema, defineTool, fieldsSchema, limitSchema, type McpTool } from "./tool.ts";

/** A list that is searched by name. */
interface NamedList<T> {
  /** The tool's name. */
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly operations: readonly OperationId[];
  readonly columns: Columns<T>;
  search(rivulet: Rivulet, query: SearchQuery): Promise<Page<T>>;
}

/** What every search takes besides its own conditions. */
export const pageInput: {
  readonly fields: typeof fieldsSchema;
  readonly limit: typeof limitSchema;
  readonly cursor: typeof cursorSchema;
} = {
  fields: fieldsSchema,
  limit: limitSchema,
  cursor: cursorSchema,
};

/** A page of a search, as the client takes it. */
export function pageOf({ limit, cursor }: { limit: number; cursor?: string | undefined }): {
  limit: number;
  pageToken?: string;
} {
  return cursor === undefined ? { limit } : { limit, pageToken: cursor };
}

/** The tool that searches a list by a part of its items' names. */
export function searchByName<T>({ columns, search, ...texts }: NamedList<T>): McpTool {
  return defineTool({
    ...texts,
    input: optionsSchema({
      query: z.string().describe("Part of the name").exactOptional(),
      ...pageInput,
    }),
    output: tableSchema,
    async run(rivulet, { query, fields, ...page }) {
      const found = await search(rivulet, { ...allOf(contains("name", query)), ...pageOf(page) });
      return toTable({ page: found, columns, fields });
    },
  });
}

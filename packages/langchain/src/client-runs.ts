import type { Rivulet } from "@rivulet/core";
import { enableLangChainContext } from "./langchain-context.ts";
import { enclosingSpan } from "./parent-resolution.ts";
import { createRunTable, type RunTable } from "./run-table.ts";

const tables = new WeakMap<Rivulet, RunTable>();

/**
 * The runs of a client, whichever of its handlers was told of them: an app may make a handler per request,
 * and a model may have one of its own. From the first call on, the run that encloses the code is the
 * client's active span.
 */
export function clientRuns(rivulet: Rivulet): RunTable {
  const known = tables.get(rivulet);
  if (known !== undefined) return known;
  const table = createRunTable(rivulet);
  tables.set(rivulet, table);
  enableLangChainContext();
  rivulet.setActiveSpanResolver((own) => enclosingSpan(table, own));
  return table;
}

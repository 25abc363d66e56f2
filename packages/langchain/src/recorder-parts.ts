import type { Rivulet } from "@rivulet/core";
import type { HandlerSettings } from "./handler-options.ts";
import type { RunTable } from "./run-table.ts";

/** What the recorder of a handler works with. */
export interface RecorderParts {
  readonly rivulet: Rivulet;
  readonly settings: HandlerSettings;
  readonly runs: RunTable;
}

import type { Command } from "commander";

/** Which traces a command is about. */
export interface Selection {
  /** A condition in the filter language. @default all */
  readonly filter?: string;
  /** Ids of experiments. @default all */
  readonly experimentIds?: readonly string[];
}

/** Adds the options of {@link Selection}, as other verbs have them. */
export function addSelection(command: Command): Command {
  return command
    .option("--filter <text>", "condition, such as status = 'error' AND startTime > now() - 1d")
    .option("--experiment-ids <text...>", "ids of the experiments to look in; default all");
}

/** A group of verbs on the command line: the same as on the client. */
export interface Group {
  /** As in `rivulet runs search`; `logged-models` is `rivulet.loggedModels`. */
  readonly name: string;
  /** One line for the list of commands. */
  readonly summary: string;
}

/** The groups, without their verbs: these are loaded when the command line names the group. */
export const GROUPS: readonly Group[] = [
  { name: "experiments", summary: "search, create and change experiments" },
  { name: "runs", summary: "search, read and change runs and their metrics" },
  { name: "artifacts", summary: "list, read, store and delete the files of runs" },
  { name: "logged-models", summary: "search, read and change the models that runs have made" },
  { name: "models", summary: "search, register and change models and their versions" },
  { name: "prompts", summary: "search, register, render and change prompts" },
  { name: "traces", summary: "search, read, sum up, judge and delete traces" },
  { name: "sessions", summary: "search sessions and read their conversations" },
  { name: "users", summary: "search users and sum up what they did" },
  { name: "datasets", summary: "search, create and change datasets and their records" },
  { name: "evaluations", summary: "search, read and compare evaluations" },
  { name: "webhooks", summary: "add, test and change webhooks of the model registry" },
  { name: "views", summary: "search, save and change views of the dashboard's lists" },
];

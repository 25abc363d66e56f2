import type { RivuletClient } from "@rivulet/client";
import type { View } from "@rivulet/core";
import { rivulet } from "../../api/client.ts";
import type { Question } from "../../api/query-client.ts";
import type { IconName } from "../../components/icon.tsx";
import { paths } from "../../routing/paths.ts";
import { SCOPED_PAGES, scopedPath } from "../../routing/scope.ts";
import { anywhere, quote } from "../../search/filter-text.ts";

/** Something that the store holds, and where its page is. */
export interface Found {
  /** Plural, such as `Runs`. */
  readonly kind: string;
  readonly icon: IconName;
  readonly key: string;
  readonly name: string;
  readonly href: string;
  /** When it began, where many have the same name. */
  readonly time?: number | undefined;
}

/** So many of each kind. */
const LIMIT = 4;
const ID = /^[\da-f]{32}$/i;

/** What bears these words in its name, or has this id. */
export function askFound(words: string): Question<readonly Found[]> {
  return {
    queryKey: ["palette", null, words],
    enabled: words !== "",
    staleTime: 10_000,
    queryFn: async ({ signal }) => find(rivulet.withSignal(signal), words),
  };
}

/** A kind that cannot be searched leaves the others as they are. */
async function find(client: RivuletClient, words: string): Promise<readonly Found[]> {
  const filter = ID.test(words)
    ? `id = ${quote(words.toLowerCase())}`
    : `name ILIKE ${anywhere(words)}`;
  const searches = ID.test(words) ? WITH_ID : [...WITH_ID, ...WITH_NAME];
  const found = await Promise.allSettled(searches.map((search) => search(client, filter)));
  const [first] = found;
  if (first?.status === "rejected" && found.every(({ status }) => status === "rejected")) {
    throw first.reason;
  }
  return found.flatMap((one) => (one.status === "fulfilled" ? one.value : []));
}

type Search = (client: RivuletClient, filter: string) => Promise<readonly Found[]>;

const WITH_ID: readonly Search[] = [
  async ({ runs }, filter) =>
    (await runs.search({ filter, limit: LIMIT })).items.map((run) => ({
      kind: "Runs",
      icon: "runs",
      key: run.id,
      name: run.name,
      href: paths.run(run),
      time: run.startTime,
    })),
  async ({ traces }, filter) =>
    (await traces.search({ filter, limit: LIMIT })).items.map(({ id, name, startTime }) => ({
      kind: "Traces",
      icon: "traces",
      key: id,
      name,
      href: paths.trace(id),
      time: startTime,
    })),
  async ({ evaluations }, filter) =>
    (await evaluations.search({ filter, limit: LIMIT })).items.map(({ id, name, startTime }) => ({
      kind: "Evaluations",
      icon: "evaluations",
      key: id,
      name,
      href: paths.evaluation(id),
      time: startTime,
    })),
  async ({ views }, filter) =>
    (await views.search({ filter, limit: LIMIT })).items.map((view) => ({
      kind: "Saved views",
      icon: "view",
      key: view.id,
      name: view.name,
      href: hrefOfView(view),
    })),
];

/** Where a saved view is: the list it belongs to, arranged as it says. */
function hrefOfView({ page, experimentId, query }: View): string {
  const scoped = SCOPED_PAGES.find((one) => one === page);
  return `#${scoped === undefined ? `/${page}` : scopedPath(scoped, { experimentId })}?${query}`;
}

const WITH_NAME: readonly Search[] = [
  async ({ experiments }, filter) =>
    (await experiments.search({ filter, limit: LIMIT })).items.map(({ id, name }) => ({
      kind: "Experiments",
      icon: "experiments",
      key: id,
      name,
      href: paths.scoped("overview", { experimentId: id }),
    })),
  async ({ prompts }, filter) =>
    (await prompts.search({ filter, limit: LIMIT })).items.map(({ name }) => ({
      kind: "Prompts",
      icon: "prompts",
      key: name,
      name,
      href: paths.prompt(name),
    })),
  async ({ models }, filter) =>
    (await models.search({ filter, limit: LIMIT })).items.map(({ name }) => ({
      kind: "Models",
      icon: "models",
      key: name,
      name,
      href: paths.model(name),
    })),
  async ({ datasets }, filter) =>
    (await datasets.search({ filter, limit: LIMIT })).items.map(({ name }) => ({
      kind: "Datasets",
      icon: "datasets",
      key: name,
      name,
      href: paths.dataset(name),
    })),
];

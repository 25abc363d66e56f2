import {
  type Better,
  type Condition,
  type Experiment,
  type FilterField,
  type OrderTerm,
  RivuletError,
} from "@rivulet/domain";
import type { Store } from "@rivulet/store";

/** Experiments of one page. */
const AT_ONCE = 1_000;

/** What is searched for, and where. */
interface Searched {
  readonly where: readonly Condition[];
  readonly order?: readonly OrderTerm[];
  readonly experimentIds: readonly string[];
}

/**
 * The same search with `min` or `max` for `best`, as the experiments that are searched declare the metric.
 *
 * @throws RivuletError `invalid_argument` when none of them declares it, or two say different things
 */
export async function resolveBest<T extends Searched>(
  store: Pick<Store, "experiments">,
  searched: T,
): Promise<T> {
  const { where, order = [], experimentIds } = searched;
  const fields = [...where.flatMap(fieldsOf), ...order.map(({ field }) => field)];
  if (!fields.some(isBest)) return searched;
  const experiments = await experimentsOf(store, experimentIds);
  const resolve = (field: FilterField): FilterField =>
    isBest(field) ? { kind: extremeOf(field.key, experiments), key: field.key } : field;
  return {
    ...searched,
    where: where.map((condition) => withFields(condition, resolve)),
    ...(searched.order === undefined
      ? {}
      : { order: order.map((term) => ({ ...term, field: resolve(term.field) })) }),
  };
}

/** Which way metrics improve in some experiments, or in all: of each key what those say that say anything, if they agree. */
export async function directionsOf(
  store: Pick<Store, "experiments">,
  experimentIds: readonly string[],
  keys: readonly string[],
): Promise<ReadonlyMap<string, Better>> {
  if (keys.length === 0) return new Map();
  const experiments = await experimentsOf(store, experimentIds);
  return new Map(
    keys.flatMap((key) => {
      const [better, ...others] = saidOf(key, experiments);
      return better === undefined || others.length > 0 ? [] : [[key, better] as const];
    }),
  );
}

function isBest({ kind }: FilterField): boolean {
  return kind === "best";
}

function fieldsOf(condition: Condition): readonly FilterField[] {
  if ("field" in condition) return [condition.field];
  if ("not" in condition) return fieldsOf(condition.not);
  return ("all" in condition ? condition.all : condition.any).flatMap(fieldsOf);
}

function withFields(condition: Condition, resolve: (field: FilterField) => FilterField): Condition {
  if ("field" in condition) return { ...condition, field: resolve(condition.field) };
  if ("not" in condition) return { not: withFields(condition.not, resolve) };
  if ("all" in condition) return { all: condition.all.map((one) => withFields(one, resolve)) };
  return { any: condition.any.map((one) => withFields(one, resolve)) };
}

async function experimentsOf(
  { experiments }: Pick<Store, "experiments">,
  ids: readonly string[],
): Promise<readonly Experiment[]> {
  if (ids.length > 0) return experiments.getMany(ids);
  const found: Experiment[] = [];
  let token: { readonly pageToken?: string } | undefined = {};
  while (token !== undefined) {
    const all = { where: [], order: [], lifecycle: "active", limit: AT_ONCE, ...token } as const;
    const { items, nextPageToken } = await experiments.search(all);
    found.push(...items);
    token = nextPageToken === undefined ? undefined : { pageToken: nextPageToken };
  }
  return found;
}

function extremeOf(key: string, experiments: readonly Experiment[]): "min" | "max" {
  const [better, ...others] = saidOf(key, experiments);
  if (better !== undefined && others.length === 0) return better === "higher" ? "max" : "min";
  const problem =
    better === undefined
      ? `no experiment of this search declares which way "${key}" improves`
      : `the experiments of this search say different things of which way "${key}" improves`;
  throw new RivuletError(
    "invalid_argument",
    `best.${key}: ${problem}. Search one that does (experiments.update(id, { metrics: … }) declares it), or use min.${key} or max.${key}.`,
    { details: { field: `best.${key}` } },
  );
}

function saidOf(key: string, experiments: readonly Experiment[]): readonly Better[] {
  const said = experiments.flatMap(({ metrics }) =>
    Object.hasOwn(metrics, key) ? (metrics[key]?.better ?? []) : [],
  );
  return [...new Set(said)];
}

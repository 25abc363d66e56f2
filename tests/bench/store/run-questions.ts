import type { Rivulet } from "@rivulet/core";
import { EXPERIMENT_ID } from "../fill-store.ts";
import type { Question } from "./question.ts";

const within = { experimentIds: [EXPERIMENT_ID] };
const runs =
  (query: Parameters<Rivulet["runs"]["search"]>[0]): Question["ask"] =>
  (rivulet) =>
    rivulet.runs.search({ ...within, limit: 50, ...query });
const OWN = `t.experiment_id = '${EXPERIMENT_ID}' AND t.lifecycle_stage = 'active'`;
const NEWEST = "ORDER BY t.start_us DESC, t.id DESC LIMIT 51";
const keyOf = (kind: string, key: string): string =>
  `(SELECT id FROM run_keys WHERE experiment_id = '${EXPERIMENT_ID}' AND kind = '${kind}' AND key = '${key}')`;

/** Runs with their params and metrics, as they are in a list. */
const withValues = (rows: string): string =>
  `SELECT r.*,
    (SELECT json_group_object(k.key, v.value) FROM params v JOIN run_keys k ON k.id = v.key WHERE v.run = r.inner_id),
    (SELECT json_group_object(k.key, v.value) FROM metrics v JOIN run_keys k ON k.id = v.key WHERE v.run = r.inner_id)
   FROM (${rows}) r`;

/** The best by a metric's latest value, or by one that sums its points up. */
const best = (name: string, order: string, column: string): Question => ({
  name: `runs by ${name} of a metric`,
  ask: runs({ orderBy: [order] }),
  floor: withValues(`SELECT t.* FROM metrics v CROSS JOIN runs t ON t.inner_id = v.run
    WHERE v.key = ${keyOf("metric", "m1")} AND t.lifecycle_stage = 'active'
    ORDER BY v.${column} DESC, v.run DESC LIMIT 51`),
});

const compared = (count: number): Question => ({
  name: `${count} runs compared`,
  ask: async (rivulet, ids = "") => rivulet.runs.compare({ runIds: ids.split(",") }),
  async before(rivulet) {
    const { items } = await rivulet.runs.search({ ...within, limit: count });
    return items.map(({ id }) => id).join();
  },
  floor: withValues(`SELECT t.* FROM runs t WHERE ${OWN} ${NEWEST.replace("51", String(count))}`),
});

const grouped = (field: string): Question => ({
  name: `runs grouped by ${field}, with a metric`,
  grows: true,
  ask: (rivulet) => rivulet.runs.groups({ ...within, field, metrics: ["m1"] }),
  floor:
    field === "status"
      ? `SELECT t.status, COUNT(*), COUNT(m.value), SUM(m.value), MIN(m.value), MAX(m.value) FROM runs t
         LEFT JOIN metrics m ON m.run = t.inner_id AND m.key = ${keyOf("metric", "m1")} WHERE ${OWN} GROUP BY t.status`
      : `SELECT p.value, COUNT(*), COUNT(m.value), SUM(m.value), MIN(m.value), MAX(m.value) FROM params p
         CROSS JOIN runs t ON t.inner_id = p.run
         LEFT JOIN metrics m ON m.run = p.run AND m.key = ${keyOf("metric", "m1")}
         WHERE p.key = ${keyOf("param", "p1")} AND ${OWN} GROUP BY p.value`,
});

/** What is asked about runs. */
export const RUN_QUESTIONS: readonly Question[] = [
  {
    name: "newest 50 runs",
    ask: runs({}),
    floor: withValues(`SELECT t.* FROM runs t WHERE ${OWN} ${NEWEST}`),
  },
  best("the latest value", "metrics.m1 DESC", "value"),
  best("the least value", "min.m1 DESC", "min_value"),
  {
    name: "runs by metric and param, by metric",
    grows: true,
    ask: runs({
      filter: "metrics.m1 > 0.9 AND params.p1 = '0.7'",
      orderBy: ["metrics.m1 DESC"],
    }),
    floor: `SELECT t.* FROM metrics v CROSS JOIN runs t ON t.inner_id = v.run
      WHERE v.key = (SELECT id FROM run_keys WHERE kind = 'metric' AND key = 'm1')
      AND v.value > 0.9 AND t.lifecycle_stage = 'active' AND EXISTS (SELECT 1 FROM params p WHERE p.run = v.run
      AND p.key = (SELECT id FROM run_keys WHERE kind = 'param' AND key = 'p1') AND p.value = '0.7')
      ORDER BY v.value DESC, v.run DESC LIMIT 51`,
  },
  ...[2, 50, 500].map(compared),
  ...["params.p1", "status"].map(grouped),
];

import type { Evaluation, EvaluationRow } from "@rivulet/domain";
import { MAX_PAGE_SIZE, paginate } from "@rivulet/domain";
import * as z from "zod";
import type { Context } from "../context.ts";
import { toStorePage, toStoreQuery } from "../query.ts";
import { notFound } from "../reference.ts";
import { idSchema, parseInput } from "../validation.ts";
import { compareRows } from "./compare-rows.ts";
import type { Evaluations } from "./evaluations.ts";

const experimentIdsSchema: z.ZodType<string[]> = z.array(idSchema).max(1_000);

/** Evaluations on the context's store. */
export function createEvaluations(context: Context): Evaluations {
  const { store } = context;
  const get = async (id: string): Promise<Evaluation> => {
    const key = parseInput(idSchema, id, "id");
    const evaluation = await (await store()).evaluations.get(key);
    if (evaluation === undefined) throw notFound("evaluation", key);
    return evaluation;
  };

  const listRows: Evaluations["listRows"] = async (query) => {
    const { id: evaluationId } = await get(query.evaluationId);
    const page = toStorePage(query, ["evaluationId"]);
    return (await store()).evaluations.listRows({ evaluationId, ...page });
  };

  const loadRows = async (evaluationId: string): Promise<readonly EvaluationRow[]> => {
    const { evaluations } = await store();
    const query = { evaluationId, limit: MAX_PAGE_SIZE };
    const rows: EvaluationRow[] = [];
    for await (const row of paginate(evaluations.listRows, query)) rows.push(row);
    return rows;
  };

  return Object.freeze<Evaluations>({
    get,
    listRows,
    search: async (query = {}) => {
      const storeQuery = toStoreQuery(context, "evaluation", query);
      const experimentIds = parseInput(
        experimentIdsSchema,
        query.experimentIds ?? [],
        "experimentIds",
      );
      const { evaluations } = await store();
      return evaluations.search({ ...storeQuery, experimentIds });
    },
    compare: async ({ baselineId, candidateId }) => {
      const [baseline, candidate] = await Promise.all([get(baselineId), get(candidateId)]);
      const [before, after] = await Promise.all([loadRows(baseline.id), loadRows(candidate.id)]);
      return {
        baseline,
        candidate,
        ...compareRows(
          { rows: before, scores: baseline.scores },
          { rows: after, scores: candidate.scores },
        ),
      };
    },
  });
}

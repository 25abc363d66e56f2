import type { Evaluation, EvaluationRow, PageQuery } from "@rivulet/domain";
import { MAX_PAGE_SIZE, paginate } from "@rivulet/domain";
import * as z from "@rivulet/domain/zod";
import type { Context } from "../context.ts";
import { listSchema, scopedSearchSchema, toStorePage, toStoreQuery } from "../query.ts";
import { notFound } from "../reference.ts";
import { idSchema, optionsSchema, parseInput } from "../validation.ts";
import { compareRows } from "./compare-rows.ts";
import type { Evaluations } from "./evaluations.ts";

/** Schema of what `listRows` takes. */
export const listRowsSchema: z.ZodType<PageQuery & { readonly evaluationId: string }> = listSchema(
  () => ({
    evaluationId: idSchema.describe("Id of the evaluation"),
  }),
);

/** Schema of what `getRow` takes. */
export const getRowSchema: z.ZodType<{
  readonly evaluationId: string;
  readonly rowId: string;
  readonly trial?: number;
}> = optionsSchema(() => ({
  evaluationId: idSchema.describe("Id of the evaluation"),
  rowId: idSchema.describe("Id of the row: the dataset record's, or a hash of the inputs"),
  trial: z
    .int()
    .nonnegative()
    .describe("Number of the trial; default 0, the first")
    .exactOptional(),
}));

/** Schema of what `compare` takes. */
export const compareSchema: z.ZodType<{
  readonly baselineId: string;
  readonly candidateId: string;
}> = optionsSchema(() => ({
  baselineId: idSchema.describe("Id of the evaluation to compare against"),
  candidateId: idSchema.describe("Id of the evaluation that should be better"),
}));

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
    const { evaluationId, ...page } = parseInput(listRowsSchema, query, "query");
    await get(evaluationId);
    return (await store()).evaluations.listRows({ evaluationId, ...toStorePage(page) });
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
    getRow: async (query) => {
      const { trial = 0, ...place } = parseInput(getRowSchema, query, "query");
      const row = await (await store()).evaluations.getRow({ ...place, trial });
      if (row !== undefined) return row;
      const { id } = await get(place.evaluationId);
      throw notFound(`trial ${trial} in evaluation ${id} of row`, place.rowId);
    },
    listRows,
    search: async (query = {}) => {
      const input = parseInput(scopedSearchSchema, query, "query");
      const storeQuery = toStoreQuery(context, "evaluation", input);
      const { experimentIds = [] } = input;
      const { evaluations } = await store();
      return evaluations.search({ ...storeQuery, experimentIds });
    },
    compare: async (query) => {
      const { baselineId, candidateId } = parseInput(compareSchema, query, "query");
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

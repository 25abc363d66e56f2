import {
  pageSchema,
  RivuletError,
  type SpanSkeleton,
  type StringMap,
  spanSchema,
  spanSkeletonSchema,
  stringMapSchema,
  traceSchema,
} from "@rivulet/core";
import * as z from "zod";
import { nothing, type Operation, operation } from "./operation.ts";
import { idPath, spanPath } from "./path-schemas.ts";
import { scopedSearchSchema } from "./query-schemas.ts";

const tagPatchSchema: z.ZodType<{
  readonly tags?: StringMap;
  readonly removeTags?: readonly string[];
}> = z.object({
  tags: stringMapSchema.exactOptional(),
  removeTags: z.array(z.string()).exactOptional(),
});

const skeletonListSchema: z.ZodType<{ readonly items: readonly SpanSkeleton[] }> = z.object({
  items: z.array(spanSkeletonSchema),
});

/** Operations on traces and their spans. */
export const traceOperations: readonly Operation[] = [
  operation({
    id: "traces.search",
    method: "GET",
    path: "/traces",
    access: "read",
    summary: "Searches traces, newest first.",
    query: scopedSearchSchema,
    output: pageSchema(traceSchema),
    handler: ({ rivulet }, { query }) => rivulet.traces.search(query),
  }),
  operation({
    id: "traces.get",
    method: "GET",
    path: "/traces/:id",
    access: "read",
    summary: "Gives the summary of a trace.",
    params: idPath,
    output: traceSchema,
    handler: ({ rivulet }, { params }) => rivulet.traces.get(params.id),
  }),
  operation({
    id: "traces.update",
    method: "PATCH",
    path: "/traces/:id",
    access: "write",
    summary: "Sets and removes tags of a trace.",
    params: idPath,
    body: tagPatchSchema,
    output: traceSchema,
    handler: ({ rivulet }, { params, body }) => rivulet.traces.update(params.id, body),
  }),
  operation({
    id: "traces.delete",
    method: "DELETE",
    path: "/traces/:id",
    access: "write",
    summary: "Removes a trace with its spans and assessments.",
    params: idPath,
    output: nothing,
    handler: async ({ rivulet }, { params: { id } }) => {
      if ((await rivulet.traces.delete([id])) > 0) return {};
      throw new RivuletError("not_found", `There is no trace "${id.slice(0, 300)}".`);
    },
  }),
  operation({
    id: "traces.listSpans",
    method: "GET",
    path: "/traces/:id/spans",
    access: "read",
    summary: "The spans of a trace without their bodies, by start time.",
    params: idPath,
    output: skeletonListSchema,
    handler: async ({ rivulet }, { params }) => {
      const items = await rivulet.traces.listSpans(params.id);
      if (items.length === 0) await rivulet.traces.get(params.id);
      return { items };
    },
  }),
  operation({
    id: "traces.getSpan",
    method: "GET",
    path: "/traces/:id/spans/:spanId",
    access: "read",
    summary: "Gives a span with its input, output, attributes and events.",
    params: spanPath,
    output: spanSchema,
    handler: ({ rivulet }, { params: { id, spanId } }) =>
      rivulet.traces.getSpan({ traceId: id, spanId }),
  }),
];

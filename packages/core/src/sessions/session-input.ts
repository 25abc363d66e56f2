import * as z from "@rivulet/domain/zod";
import { experimentIdsSchema, filterFieldSchema, listSchema } from "../query.ts";
import { idSchema } from "../validation.ts";
import type { TraceOwnerSearch, TurnSearch } from "./sessions.ts";

/** Schema of the id of a session. */
export const sessionIdSchema: z.ZodType<string> = idSchema.describe(
  "Id of the session, as given by the app",
);

/** Schema of the id of a user. */
export const userIdSchema: z.ZodType<string> = idSchema.describe(
  "Id of the user, as given by the app",
);

/** Schema of {@link TraceOwnerSearch}. */
export const traceOwnerSearchSchema: z.ZodType<TraceOwnerSearch> = listSchema(() => ({
  filter: filterFieldSchema("status = 'error' AND startTime > now() - 1d").exactOptional(),
  experimentIds: experimentIdsSchema.exactOptional(),
}));

/** Schema of {@link TurnSearch}. */
export const turnSearchSchema: z.ZodType<TurnSearch> = listSchema(() => ({
  sessionId: sessionIdSchema,
  newestFirst: z
    .boolean()
    .describe("Begins at the end of the conversation; default false")
    .exactOptional(),
}));

import * as z from "zod";

/** Which way a score or a metric improves. */
export type Better = "higher" | "lower";

/** Schema of {@link Better}. */
export const betterSchema: z.ZodType<Better> = z.enum(["higher", "lower"]);

import * as z from "zod";

const text = z.string().min(1).max(1000);
const version = z.int().positive();

/** `/:id` */
export const idPath: z.ZodType<{ readonly id: string }> = z.object({ id: text });

/** `/:name` */
export const namePath: z.ZodType<{ readonly name: string }> = z.object({ name: text });

/** `/:name/versions/:version` */
export const versionPath: z.ZodType<{ readonly name: string; readonly version: number }> = z.object(
  {
    name: text,
    version,
  },
);

/** `/:name/aliases/:alias` */
export const aliasPath: z.ZodType<{ readonly name: string; readonly alias: string }> = z.object({
  name: text,
  alias: text,
});

/** `/:id/spans/:spanId` */
export const spanPath: z.ZodType<{ readonly id: string; readonly spanId: string }> = z.object({
  id: text,
  spanId: text,
});

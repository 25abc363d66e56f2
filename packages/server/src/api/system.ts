import type { RivuletStats } from "@rivulet/core";
import * as z from "zod";
import { ACCESS_LEVELS } from "../access/access-level.ts";
import type { AuthResult } from "../access/auth.ts";
import type { OpenApiDocument } from "./api.ts";
import { type Operation, operation } from "./operation.ts";

const statsSchema: z.ZodType<RivuletStats> = z.object({
  store: z.object({
    driver: z.string(),
    url: z.string(),
    folder: z.string().exactOptional(),
  }),
  journal: z.object({
    appended: z.number(),
    dropped: z.number(),
    pendingBytes: z.number(),
    medium: z.enum(["spool", "memory"]),
  }),
  errors: z.number(),
  openSpans: z.number(),
  prunedTraces: z.number(),
});

const meSchema: z.ZodType<AuthResult> = z.object({ id: z.string(), access: z.enum(ACCESS_LEVELS) });

const documentSchema: z.ZodType<OpenApiDocument> = z.looseObject({ openapi: z.string() });

/** Operations on the installation itself. */
export const systemOperations: readonly Operation[] = [
  operation({
    id: "system.stats",
    method: "GET",
    path: "/stats",
    access: "read",
    summary: "How the store and the journal are doing.",
    output: statsSchema,
    handler: ({ rivulet }) => rivulet.stats(),
  }),
  operation({
    id: "system.me",
    method: "GET",
    path: "/me",
    access: "read",
    summary: "Who is asking, and what they may do.",
    output: meSchema,
    handler: (_, { caller }) => caller,
  }),
  operation({
    id: "system.openapi",
    method: "GET",
    path: "/openapi.json",
    access: "read",
    summary: "This document.",
    output: documentSchema,
    handler: ({ describe }) => describe(),
  }),
];

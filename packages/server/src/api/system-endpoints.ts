import type { MaskStats, RivuletStats, StoreDescription, StoreInfo } from "@rivulet/core";
import * as z from "zod";
import { ACCESS_LEVELS } from "../access/access-level.ts";
import type { AuthResult } from "../access/auth.ts";
import type { Call } from "../router.ts";
import type { Api, OpenApiDocument } from "./api.ts";
import { refuseQuery } from "./decode-input.ts";
import type { Endpoint } from "./endpoint.ts";
import { answer } from "./operation-endpoints.ts";

const maskStatsSchema: z.ZodType<MaskStats> = z.object({
  overruns: z.number(),
  failures: z.number(),
  isOff: z.boolean(),
});

const storeSchema: z.ZodType<StoreInfo> = z.object({
  driver: z.string(),
  url: z.string(),
  folder: z.string().exactOptional(),
  readOnly: z.boolean().exactOptional(),
});

const statsSchema: z.ZodType<RivuletStats> = z.object({
  store: storeSchema,
  journal: z.object({
    appended: z.number(),
    dropped: z.number(),
    droppedAttachments: z.number(),
    pendingBytes: z.number(),
    medium: z.enum(["spool", "memory"]),
  }),
  errors: z.number(),
  openSpans: z.number(),
  prunedTraces: z.number(),
  sampling: z.object({
    unsampledTraces: z.number(),
    keptTraces: z.object({
      run: z.number(),
      error: z.number(),
      score: z.number(),
      slow: z.number(),
      name: z.number(),
      rate: z.number(),
      undecided: z.number(),
    }),
    droppedTraces: z.number(),
    lateSpans: z.number(),
    undecidedTraces: z.number(),
    heldBytes: z.number(),
  }),
  mask: maskStatsSchema,
  maskText: maskStatsSchema,
});

const descriptionSchema: z.ZodType<StoreDescription> = z.object({
  store: storeSchema,
  facts: z.object({
    schema: z.number(),
    usedBytes: z.number(),
    artifactBytes: z.number(),
    attachmentBytes: z.number(),
    rows: z.record(z.string(), z.number()),
  }),
  retention: z.object({
    policy: z.union([
      z.literal(false),
      z.object({
        maxAgeMs: z.number().exactOptional(),
        maxTraces: z.number().exactOptional(),
        maxBytes: z.number().exactOptional(),
        includeProtected: z.boolean().exactOptional(),
      }),
    ]),
    isDefault: z.boolean(),
    toldAt: z.number().exactOptional(),
    firstRemovalAt: z.number().exactOptional(),
    givenAt: z.number().exactOptional(),
    last: z
      .object({
        at: z.number(),
        deleted: z.number(),
        because: z.array(z.enum(["age", "count", "size"])),
      })
      .exactOptional(),
  }),
});

const meSchema: z.ZodType<AuthResult> = z.object({ id: z.string(), access: z.enum(ACCESS_LEVELS) });

const documentSchema: z.ZodType<OpenApiDocument> = z.looseObject({ openapi: z.string() });

/** Endpoints about the installation itself. */
export const systemEndpoints: readonly Endpoint[] = [
  told("stats", {
    path: "/stats",
    summary: "How the store and the journal are doing.",
    output: statsSchema,
    tell: ({ rivulet }) => rivulet.stats(),
  }),
  told("store", {
    path: "/store",
    summary: "Sizes and contents of the store, and what retention removes.",
    output: descriptionSchema,
    tell: ({ rivulet }) => rivulet.describeStore(),
  }),
  told("me", {
    path: "/me",
    summary: "Who is asking, and what they may do.",
    output: meSchema,
    tell: (_, { caller }) => caller,
  }),
  told("openapi", {
    path: "/openapi.json",
    summary: "This document.",
    output: documentSchema,
    tell: ({ describe }) => describe(),
  }),
];

interface Told<Output> extends Pick<Endpoint, "path" | "summary"> {
  readonly output: z.ZodType<Output>;
  tell(api: Api, call: Call): Promise<NoInfer<Output>> | NoInfer<Output>;
}

function told<Output>(name: string, { tell, ...facts }: Told<Output>): Endpoint {
  const id = `system.${name}` as const;
  return {
    id,
    ...facts,
    method: "GET",
    access: "read",
    input: z.object({}),
    body: "none",
    run: async (api, call) => {
      refuseQuery(call.query);
      return answer(api, { id, output: facts.output, result: await tell(api, call) });
    },
  };
}

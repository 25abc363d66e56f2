import { type Artifact, artifactSchema } from "@rivulet/core";
import * as z from "zod";
import { sendArtifact } from "./artifact-response.ts";
import { bytes, download, type Operation, operation } from "./operation.ts";
import { idPath } from "./path-schemas.ts";

const listQuerySchema: z.ZodType<{ readonly prefix?: string }> = z.object({
  prefix: z.string().exactOptional(),
});

const artifactListSchema: z.ZodType<{ readonly items: readonly Artifact[] }> = z.object({
  items: z.array(artifactSchema),
});

const getQuerySchema: z.ZodType<{ readonly path: string; readonly download?: boolean }> = z.object({
  path: z.string(),
  download: z.boolean().exactOptional(),
});

const putQuerySchema: z.ZodType<{ readonly path: string }> = z.object({ path: z.string() });

// What clients say when nobody told them what they send.
const SAYS_NOTHING = "application/x-www-form-urlencoded";

/** Operations on the files kept with runs. */
export const artifactOperations: readonly Operation[] = [
  operation({
    id: "artifacts.list",
    method: "GET",
    path: "/runs/:id/artifacts",
    access: "read",
    summary: "The files of a run, by path.",
    params: idPath,
    query: listQuerySchema,
    output: artifactListSchema,
    handler: async ({ rivulet }, { params, query }) => {
      const items = await rivulet.artifacts.list({ ...query, runId: params.id });
      if (items.length === 0) await rivulet.runs.get(params.id);
      return { items };
    },
  }),
  operation({
    id: "artifacts.get",
    method: "GET",
    path: "/runs/:id/artifact",
    access: "read",
    summary: "The bytes of one file; pictures and text can be shown in place, in a sandbox.",
    params: idPath,
    query: getQuerySchema,
    output: download,
    handler: async ({ rivulet }, { params, query }) => {
      const artifact = await rivulet.artifacts.get({ runId: params.id, path: query.path });
      return sendArtifact(artifact, query.download ?? false);
    },
  }),
  operation({
    id: "artifacts.put",
    method: "PUT",
    path: "/runs/:id/artifact",
    access: "write",
    summary: "Keeps the body as a file of the run; a file of the same path is replaced.",
    params: idPath,
    query: putQuerySchema,
    body: bytes,
    output: artifactSchema,
    handler: ({ rivulet }, { params, query, body, request }) => {
      const type = request.headers.get("content-type");
      const known = type === null || type.startsWith(SAYS_NOTHING) ? {} : { contentType: type };
      return rivulet.artifacts.put({ runId: params.id, path: query.path, content: body, ...known });
    },
  }),
];

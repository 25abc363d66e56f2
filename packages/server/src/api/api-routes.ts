import type { Rivulet } from "@rivulet/core";
import type { Route } from "../router.ts";
import type { Settings } from "../settings.ts";
import type { Api, OpenApiDocument } from "./api.ts";
import { artifactEndpoints } from "./artifact-endpoints.ts";
import { attachmentEndpoints } from "./attachment-endpoints.ts";
import { exportEndpoints } from "./export-endpoints.ts";
import { modelEndpoints } from "./model-endpoints.ts";
import { createOpenApi } from "./openapi.ts";
import { operationEndpoints } from "./operation-endpoints.ts";
import { systemEndpoints } from "./system-endpoints.ts";

const BASE = "/api/v1";

/** The API as routes on a client. */
export function apiRoutes(
  rivulet: Rivulet,
  { maxBodyBytes, maxArtifactBytes, checkOutput }: Settings,
): readonly Route[] {
  const endpoints = [
    ...operationEndpoints(),
    ...artifactEndpoints,
    ...attachmentEndpoints,
    ...exportEndpoints,
    ...modelEndpoints,
    ...systemEndpoints,
  ];
  let document: OpenApiDocument | undefined;
  const describe = (): OpenApiDocument => {
    document ??= createOpenApi(endpoints);
    return document;
  };
  const api: Api = { rivulet, maxBodyBytes, maxArtifactBytes, checkOutput, describe };
  return endpoints.map(({ method, path, access, run }) => ({
    method,
    path: BASE + path,
    access,
    handle: (call) => run(api, call),
  }));
}

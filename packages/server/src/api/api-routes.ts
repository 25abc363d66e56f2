import type { Rivulet } from "@rivulet/core";
import type { Route } from "../router.ts";
import type { Settings } from "../settings.ts";
import type { Api, OpenApiDocument } from "./api.ts";
import { createOpenApi } from "./openapi.ts";
import { operations } from "./operations.ts";

const BASE = "/api/v1";

/** The API's operations as routes on a client. */
export function apiRoutes(
  rivulet: Rivulet,
  { maxBodyBytes, maxArtifactBytes, checkOutput }: Settings,
): readonly Route[] {
  let document: OpenApiDocument | undefined;
  const describe = (): OpenApiDocument => {
    document ??= createOpenApi(operations);
    return document;
  };
  const api: Api = { rivulet, maxBodyBytes, maxArtifactBytes, checkOutput, describe };
  return operations.map(({ method, path, access, run }) => ({
    method,
    path: BASE + path,
    access,
    handle: (call) => run(api, call),
  }));
}

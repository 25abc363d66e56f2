import type { ApiClient } from "./api-client.ts";

/** One operation, as the OpenAPI document tells of it. */
export interface ListedOperation {
  readonly method: string;
  /** Below `/api/v1`, with `{parameters}`. */
  readonly path: string;
  readonly access: "read" | "annotate" | "write" | "admin";
  readonly hasBody: boolean;
  readonly parameters: readonly { readonly name: string; readonly in: string }[];
}

interface Document {
  readonly paths: Record<
    string,
    Record<
      string,
      {
        "x-access": ListedOperation["access"];
        parameters: ListedOperation["parameters"];
        requestBody?: { content: object };
      }
    >
  >;
}

/** All operations that a handler serves. */
export async function readTable(api: Pick<ApiClient, "call">): Promise<readonly ListedOperation[]> {
  const { paths } = (await api.call("GET /openapi.json")).body as Document;
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      method: method.toUpperCase(),
      path,
      access: operation["x-access"],
      hasBody: operation.requestBody !== undefined,
      parameters: operation.parameters,
    })),
  );
}

/** The operation's address with a value for each parameter. */
export function addressOf({ path }: ListedOperation, value: (name: string) => string): string {
  return path.replaceAll(/\{(\w+)\}/g, (_, name: string) => value(name));
}

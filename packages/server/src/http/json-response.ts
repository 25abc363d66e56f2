import { jsonText } from "@rivulet/core";

/** A value as a JSON response. */
export function jsonResponse(
  value: unknown,
  {
    status = 200,
    headers = {},
  }: { status?: number; headers?: Readonly<Record<string, string>> } = {},
): Response {
  const bytes = Buffer.from(jsonText(value));
  return new Response(bytes, {
    status,
    headers: {
      ...headers,
      "content-type": "application/json; charset=utf-8",
      "content-length": String(bytes.byteLength),
    },
  });
}

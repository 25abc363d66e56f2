import type * as z from "zod";

/** The app as its users and its dashboard see it: over HTTP. */
export interface HttpApi {
  /** Origin of the app. */
  readonly url: string;
  /** Lets programs into Rivulet's part of it. */
  readonly headers: Readonly<Record<string, string>>;
  /** Reads from Rivulet's API, and checks what comes. */
  read<T>(path: string, schema: z.ZodType<T>): Promise<T>;
  /** Sends to the app itself. */
  send(path: string, body: unknown): Promise<unknown>;
}

/** What {@link createHttpApi} needs. */
export interface HttpApiOptions {
  /** Origin of the app. */
  readonly url: string;
  /** Where Rivulet is in it. */
  readonly mount: string;
  /** Rivulet's token. */
  readonly token: string;
}

/** Speaks with an app and its Rivulet. */
export function createHttpApi({ url, mount, token }: HttpApiOptions): HttpApi {
  const headers = { authorization: `Bearer ${token}` };
  return {
    url,
    headers,
    read: async (path, schema) => {
      const response = await fetch(`${url}${mount}/api/v1${path}`, { headers });
      return schema.parse(await bodyOf(response, path));
    },
    send: async (path, body) => {
      const response = await fetch(`${url}${path}`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body),
      });
      return bodyOf(response, path);
    },
  };
}

async function bodyOf(response: Response, path: string): Promise<unknown> {
  const text = await response.text();
  if (!response.ok) throw new Error(`${path} answered ${response.status}: ${text.slice(0, 300)}`);
  return text === "" ? undefined : (JSON.parse(text) as unknown);
}

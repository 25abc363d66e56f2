import { createRivulet, type ModelVersion, type Rivulet } from "@rivulet/core";
import { type ModelServer, type ServeModelOptions, serveModel } from "@rivulet/serving";
import { onTestFinished } from "vitest";

/** A client in memory, closed after the test, and what it reports. */
export function aRegistry(): { readonly rivulet: Rivulet; readonly errors: readonly Error[] } {
  const errors: Error[] = [];
  const rivulet = createRivulet({ store: "memory:", onError: (error) => errors.push(error) });
  onTestFinished(() => rivulet.close());
  return { rivulet, errors };
}

export interface NewVersion {
  readonly files: Readonly<Record<string, string | Uint8Array>>;
  readonly tags?: Readonly<Record<string, string>>;
}

/** A version of the model `price`, of a folder of files, that `price@live` points to. */
export async function register(
  rivulet: Rivulet,
  { files, tags = {} }: NewVersion,
): Promise<ModelVersion> {
  const run = await rivulet.runs.start({ name: "train" });
  for (const [path, content] of Object.entries(files)) {
    await run.logArtifact(`model/${path}`, content);
  }
  await run.finish();
  // The folder, where a version can have one; else its only file.
  const paths = Object.keys(files);
  const artifactPath = paths.length === 1 ? `model/${paths[0]}` : "model";
  return rivulet.models.register({
    name: "price",
    runId: run.id,
    artifactPath,
    tags,
    aliases: ["live"],
  });
}

/** What a server answers. */
export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** A server of `price@live`, closed after the test. */
export async function aServer(
  rivulet: Rivulet,
  options: Partial<ServeModelOptions> = {},
): Promise<{ readonly server: ModelServer; readonly ask: Ask }> {
  const server = await serveModel(rivulet, { reference: "price@live", ...options });
  onTestFinished(() => server.close());
  const ask: Ask = async (body, type = "application/json") => {
    const response = await server.handle(
      new Request("http://localhost/score/invocations", {
        method: "POST",
        headers: { "content-type": type },
        body: typeof body === "string" ? body : JSON.stringify(body),
      }),
      { basePath: "/score" },
    );
    return { status: response.status, body: await response.json() };
  };
  return { server, ask };
}

export type Ask = (body: unknown, type?: string) => Promise<Answer>;

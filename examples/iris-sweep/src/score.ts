import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import type { Rivulet } from "@rivulet/core";
import { toNodeListener } from "@rivulet/server/node";
import { serveModel } from "@rivulet/serving";

/** A model that is served on this machine. */
export interface ScoringServer extends AsyncDisposable {
  readonly url: string;
}

/** What `rivulet models serve NAME@ALIAS` does, in this process. */
export async function serve(rivulet: Rivulet, reference: string): Promise<ScoringServer> {
  const model = await serveModel(rivulet, { reference });
  const server = createServer(toNodeListener(model.handle)).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: async () => {
      await model.close();
      server.closeAllConnections();
      server.close();
    },
  };
}

/** What the model says of rows, and which version has said it. */
export interface Scores {
  readonly version: number;
  readonly predictions: readonly (readonly number[])[];
}

/** Asks the model of a server about rows, as any program can. */
export async function score(url: string, rows: readonly object[]): Promise<Scores> {
  const answer = await fetch(`${url}/invocations`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ dataframe_records: rows }),
  });
  if (!answer.ok) throw new Error(await answer.text());
  const { predictions } = (await answer.json()) as Pick<Scores, "predictions">;
  return { version: Number(answer.headers.get("x-model-version")), predictions };
}

/** Waits until a server has taken over the version that its alias points at. */
export async function serves(url: string, version: number): Promise<void> {
  for (;;) {
    const served = (await (await fetch(`${url}/version`)).json()) as { readonly version: number };
    if (served.version === version) return;
    await wait(20);
  }
}

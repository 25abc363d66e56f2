import type { ActiveSpan, Rivulet, SpanParent } from "@rivulet/core";
import { clientRuns } from "../runs/run-table.ts";

/** What an embedding model of LangChain has. */
export interface EmbeddingsLike {
  /** Embeds one search query. */
  embedQuery(text: string): Promise<number[]>;
  /** Embeds texts to be searched, one vector each. */
  embedDocuments(texts: string[]): Promise<number[][]>;
}

/**
 * The embedding model, traced. LangChain has no callbacks for embeddings, so each call becomes a span here.
 * Within a retriever it hangs under the retriever.
 *
 * ```ts
 * const store = await MemoryVectorStore.fromTexts(texts, [], traceEmbeddings(embeddings, rivulet));
 * ```
 */
export function traceEmbeddings<T extends EmbeddingsLike>(embeddings: T, rivulet: Rivulet): T {
  const embed = createTracedCall(embeddings, rivulet);
  const traced: EmbeddingsLike = {
    embedQuery: (text) =>
      embed({ input: text, parent: retrieverSpan(rivulet, text) }, async (span) => {
        const vector = await embeddings.embedQuery(text);
        span.setOutput({ count: 1, dimensions: vector.length });
        return vector;
      }),
    embedDocuments: (texts) =>
      embed({ input: texts, parent: undefined }, async (span) => {
        const vectors = await embeddings.embedDocuments(texts);
        span.setOutput({ count: vectors.length, dimensions: vectors[0]?.length ?? 0 });
        return vectors;
      }),
  };
  return new Proxy(embeddings, {
    get(target, key) {
      if (key === "embedQuery" || key === "embedDocuments") return traced[key];
      const value: unknown = Reflect.get(target, key, target);
      // Called on the proxy, methods would not reach the private fields of the model.
      return typeof value === "function" && key !== "constructor" ? value.bind(target) : value;
    },
  });
}

interface EmbeddingCall {
  readonly input: unknown;
  readonly parent: SpanParent | undefined;
}

type TracedCall = <R>(call: EmbeddingCall, work: (span: ActiveSpan) => Promise<R>) => Promise<R>;

function createTracedCall(embeddings: object, rivulet: Rivulet): TracedCall {
  clientRuns(rivulet);
  const { model, modelName } = embeddings as { model?: unknown; modelName?: unknown };
  const name = [model, modelName].find((value) => typeof value === "string");
  return ({ input, parent }, work) =>
    rivulet.withSpan(embeddings.constructor.name, work, {
      type: "embedding",
      input,
      ...(parent === undefined ? {} : { parent }),
      ...(typeof name === "string" ? { model: name } : {}),
    });
}

/**
 * A retriever does not hand its run down to the embedding model, but it hands it its query: the run that
 * waits for this text, in the same trace, is the one. A span opened inside the retriever is closer still.
 */
function retrieverSpan(rivulet: Rivulet, text: string): ActiveSpan | undefined {
  const own = rivulet.activeSpan();
  for (const run of clientRuns(rivulet).values()) {
    const { query, embedded, span } = run;
    if (query !== text || embedded === true) continue;
    if (own?.isWithin(span) === true) return own;
    if (own !== undefined && !span.isWithin(own)) continue;
    run.embedded = true;
    return span;
  }
  return undefined;
}

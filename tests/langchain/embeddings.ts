import { RivuletCallbackHandler, traceEmbeddings } from "@rivulet/langchain";
import { expect, test } from "vitest";
import { openClient, tree } from "./client.ts";
import type { Lab } from "./lab.ts";
import { scriptedModel } from "./scripted-model.ts";

/** Surprise 5: embeddings have no callbacks. */
export function describeEmbeddings(lab: Lab): void {
  class Letters extends lab.embeddings.Embeddings {
    readonly model = "letters-2";
    readonly #size = 2;

    override async embedQuery(text: string): Promise<number[]> {
      return [text.length, this.#size];
    }

    override async embedDocuments(texts: string[]): Promise<number[][]> {
      return Promise.all(texts.map((text) => this.embedQuery(text)));
    }
  }

  class FixedStore extends lab.vectorStores.VectorStore {
    _vectorstoreType(): string {
      return "fixed";
    }
    override async addVectors(): Promise<void> {}
    override async addDocuments(): Promise<void> {}
    override async similaritySearchVectorWithScore(): Promise<
      [InstanceType<typeof lab.documents.Document>, number][]
    > {
      return [[new lab.documents.Document({ pageContent: "The Nile." }), 1]];
    }
  }

  test("records each call with its input, and of the vectors how many and how long", async () => {
    const { rivulet, spans } = openClient();
    const embeddings = traceEmbeddings(new Letters({}), rivulet);
    expect(await embeddings.embedQuery("four")).toEqual([4, 2]);
    expect(await embeddings.embedDocuments(["a", "bb"])).toEqual([
      [1, 2],
      [2, 2],
    ]);
    expect(embeddings).toBeInstanceOf(Letters);
    expect(await spans()).toMatchObject([
      {
        name: "Letters",
        type: "embedding",
        model: "letters-2",
        input: "four",
        output: { count: 1, dimensions: 2 },
      },
      { type: "embedding", input: ["a", "bb"], output: { count: 2, dimensions: 2 } },
    ]);
  });

  test("hangs the query of a retriever under the retriever", async () => {
    const { rivulet, tree: traces } = openClient();
    const store = new FixedStore(traceEmbeddings(new Letters({}), rivulet), {});
    const chain = store
      .asRetriever()
      .pipe((documents: { pageContent: string }[]) => documents[0]?.pageContent ?? "")
      .pipe(scriptedModel(lab));
    const config = { callbacks: [new RivuletCallbackHandler(rivulet)] };
    await Promise.all([chain.invoke("same query", config), chain.invoke("same query", config)]);
    const one = tree`
      chain RunnableSequence ok
        retriever VectorStoreRetriever ok
          embedding Letters ok
        chain RunnableLambda ok
        chat_model Scripted ok 10+6
    `;
    expect(await traces()).toBe(`${one}\n${one}`);
  });

  test("throws what the model throws", async () => {
    const { rivulet, span } = openClient();
    class Down extends Letters {
      override embedQuery(_text: string): Promise<number[]> {
        return Promise.reject(new Error("quota"));
      }
    }
    await expect(traceEmbeddings(new Down({}), rivulet).embedQuery("x")).rejects.toThrow("quota");
    expect(await span("Down")).toMatchObject({ status: "error", statusMessage: "quota" });
  });
}

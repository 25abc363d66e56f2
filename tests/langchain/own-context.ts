import { parseTraceparent, type Rivulet } from "@rivulet/core";
import { RivuletCallbackHandler } from "@rivulet/langchain";
import { expect, test } from "vitest";
import { openClient, tree } from "./client.ts";
import type { Lab } from "./lab.ts";
import { scriptedModel } from "./scripted-model.ts";

const REMOTE = parseTraceparent("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");

/** Within a tool or a lambda: spans of the app that do not descend from it. */
export function describeOwnContext(lab: Lab): void {
  /** Runs `work` in LangChain's context, once in each place where it has one. */
  const places = {
    lambda: (work: () => Promise<string>) =>
      lab.runnables.RunnableLambda.from(work).withConfig({ runName: "lambda" }),
    tool: (work: () => Promise<string>) =>
      lab.tools.tool(work, { name: "tool", description: "Works", schema: lab.z.object({}) }),
    "step of a sequence": (work: () => Promise<string>) =>
      lab.runnables.RunnableSequence.from([
        lab.runnables.RunnableLambda.from((value: object) => value),
        lab.runnables.RunnableLambda.from(work).withConfig({ runName: "lambda" }),
      ]),
  };

  /** Where the model call went: the names from the root down. */
  async function pathOfModel(
    place: keyof typeof places,
    inside: (rivulet: Rivulet, call: () => Promise<string>) => Promise<unknown>,
  ): Promise<string> {
    const { rivulet, spans } = openClient();
    const model = scriptedModel(lab);
    const call = async (): Promise<string> => String((await model.invoke("x")).content);
    const runnable = places[place](async () => {
      await inside(rivulet, call);
      return "done";
    });
    await runnable.invoke({}, { callbacks: [new RivuletCallbackHandler(rivulet)] });
    const all = new Map((await spans()).map((span) => [span.id, span]));
    let path = "";
    let span = [...all.values()].find(({ type }) => type === "chat_model");
    for (; span !== undefined; span = all.get(span.parentId ?? "")) {
      const elsewhere = span.parentId !== undefined && !all.has(span.parentId);
      path = `${elsewhere ? `${span.parentId} > ` : ""}${span.name}${path && " > "}${path}`;
    }
    return path;
  }

  for (const place of Object.keys(places) as (keyof typeof places)[]) {
    test(`in a ${place}, a trace of its own takes what is called in it`, async () => {
      const path = await pathOfModel(place, (rivulet, call) =>
        rivulet.withSpan("apart", call, { parent: null }),
      );
      expect(path).toBe("apart > Scripted");
    });

    test(`in a ${place}, a span under a remote parent takes what is called in it`, async () => {
      const path = await pathOfModel(place, (rivulet, call) =>
        rivulet.withSpan("job", call, REMOTE === undefined ? {} : { parent: REMOTE }),
      );
      expect(path).toBe("00f067aa0ba902b7 > job > Scripted");
    });

    test(`in a ${place}, runInSpan leads to the span it is given`, async () => {
      const path = await pathOfModel(place, async (rivulet, call) => {
        const other = rivulet.startSpan("other", { parent: null });
        await rivulet.runInSpan(other, call);
        other.end();
      });
      expect(path).toBe("other > Scripted");
    });
  }

  test("in a tool, an evaluation keeps its task's calls in the traces of its rows", async () => {
    const path = await pathOfModel("tool", (rivulet, call) => {
      const task = (): Promise<string> => call();
      return rivulet.evaluate({ name: "check", data: [{ inputs: { q: 1 } }], task, scorers: [] });
    });
    expect(path).toBe("task > Scripted");
  });

  test("a chain in a trace of its own nests as ever, and the tool goes on around it", async () => {
    const { rivulet, tree: traces } = openClient();
    const model = scriptedModel(lab);
    const { RunnableLambda } = lab.runnables;
    const inner = RunnableLambda.from(() =>
      rivulet.withSpan("deep", async () => (await model.invoke("x")).content),
    ).withConfig({ runName: "inner" });
    const outer = RunnableLambda.from(async () => {
      await rivulet.withSpan("apart", () => inner.invoke(1), { parent: null });
      rivulet.startSpan("afterwards").end();
      return "done";
    }).withConfig({ runName: "outer" });
    await outer.invoke(1, { callbacks: [new RivuletCallbackHandler(rivulet)] });
    expect(await traces()).toBe(tree`
      chain outer ok
        unknown afterwards ok
      unknown apart ok
        chain inner ok
          unknown deep ok
            chat_model Scripted ok 10+6
    `);
  });
}

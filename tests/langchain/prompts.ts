import type { Prompt, PromptTemplate, Span } from "@rivulet/core";
import { RivuletCallbackHandler } from "@rivulet/langchain";
import { createPromptTemplates } from "@rivulet/langchain/prompts";
import { expect, test } from "vitest";
import { openClient, type TestClient } from "./client.ts";
import type { Lab } from "./lab.ts";
import { scriptedModel } from "./scripted-model.ts";

const CHAT: PromptTemplate = [
  { role: "system", content: "You know {{topic}}." },
  { role: "user", content: "{{question}}" },
];
const VALUES = { topic: "rivers", question: "Which is long?" };
const REF = { name: "guide", version: 1 };

/** Prompts of the registry as LangChain's templates, and how a model's span comes to name its prompt. */
export function describePrompts(lab: Lab): void {
  const { HumanMessage, SystemMessage } = lab.messages;
  const { RunnableLambda, RunnableSequence } = lab.runnables;
  const { toChatPromptTemplate, toPromptTemplate } = createPromptTemplates(lab.prompts);

  interface Scene extends TestClient {
    readonly prompt: Prompt;
    readonly config: { callbacks: RivuletCallbackHandler[] };
    /** The prompts that the model spans name. */
    linked(): Promise<readonly Span["prompts"][]>;
  }

  async function scene(template: PromptTemplate = CHAT): Promise<Scene> {
    const client = openClient();
    const prompt = await client.rivulet.prompts.register({ name: "guide", template });
    return {
      ...client,
      prompt,
      config: { callbacks: [new RivuletCallbackHandler(client.rivulet)] },
      async linked() {
        const models = (await client.spans()).filter(({ type }) => /model|llm/.test(type));
        return models.map(({ prompts }) => prompts);
      },
    };
  }

  test("fills in a chat prompt as the registry does", async () => {
    const { prompt } = await scene();
    const { messages } = (await toChatPromptTemplate(prompt).invoke(VALUES)) as {
      messages: InstanceType<typeof HumanMessage>[];
    };
    expect(messages.map((message) => [message.getType(), message.content])).toEqual([
      ["system", "You know rivers."],
      ["human", "Which is long?"],
    ]);
  });

  test("links the model's span to the version, called and streamed", async () => {
    const { prompt, config, linked } = await scene();
    const chain = toChatPromptTemplate(prompt).pipe(scriptedModel(lab));
    await chain.invoke(VALUES, config);
    for await (const _ of await chain.stream(VALUES, config));
    await chain.batch([VALUES, VALUES], config);
    expect(await linked()).toEqual([[REF], [REF], [REF], [REF]]);
  });

  test("keeps the link over withRetry, where a link by parent run is lost", async () => {
    const { prompt, config, linked } = await scene();
    const chain = RunnableSequence.from([
      toChatPromptTemplate(prompt),
      scriptedModel(lab).withRetry({ stopAfterAttempt: 2 }),
    ]);
    await chain.invoke(VALUES, config);
    expect(await linked()).toEqual([[REF]]);
  });

  test("keeps the link over steps in between and into an agent", async () => {
    const { prompt, config, linked } = await scene();
    const { messages } = (await toChatPromptTemplate(prompt).invoke(VALUES)) as {
      messages: InstanceType<typeof HumanMessage>[];
    };
    const same = RunnableLambda.from((value: typeof messages) => value);
    await same.pipe(scriptedModel(lab)).invoke(messages, config);
    const agent = lab.prebuilt.createReactAgent({ llm: scriptedModel(lab), tools: [] });
    await agent.invoke({ messages }, config);
    expect(await linked()).toEqual([[REF], [REF]]);
  });

  test("keeps the link when values are filled in one after the other, and in a larger template", async () => {
    const { prompt, config, linked } = await scene();
    const template = toChatPromptTemplate(prompt);
    const partial = await template.partial({ topic: "rivers" });
    await partial.pipe(scriptedModel(lab)).invoke({ question: "Which?" }, config);
    const larger = lab.prompts.ChatPromptTemplate.fromMessages([template, ["human", "{more}"]]);
    await larger.pipe(scriptedModel(lab)).invoke({ ...VALUES, more: "Please." }, config);
    expect(await linked()).toEqual([[REF], [REF]]);
  });

  test("names the alias through which the prompt came", async () => {
    const { rivulet, config, linked } = await scene();
    const template = [{ role: "user" as const, content: "Other: {{question}}" }];
    await rivulet.prompts.register({ name: "other", template, aliases: ["production"] });
    const prompt = await rivulet.prompts.get("other@production");
    await toChatPromptTemplate(prompt).pipe(scriptedModel(lab)).invoke(VALUES, config);
    expect(await linked()).toEqual([[{ name: "other", version: 1, alias: "production" }]]);
  });

  test("puts messages where a placeholder is, and does not take them for the prompt's own", async () => {
    const { prompt, config, linked, span } = await scene([
      { role: "system", content: "Be short." },
      { role: "placeholder", content: "history" },
    ]);
    const history = [new HumanMessage("Hi"), new HumanMessage("Which is long?")];
    const chain = toChatPromptTemplate(prompt).pipe(scriptedModel(lab));
    await chain.invoke({ history }, config);
    expect((await span("Scripted")).input).toMatchObject({
      messages: [
        { role: "system", content: "Be short." },
        { role: "user", content: "Hi" },
        { role: "user", content: "Which is long?" },
      ],
    });
    await scriptedModel(lab).invoke(history, config);
    expect(await linked()).toEqual([[REF], undefined]);
  });

  test("leaves braces that are no variables as they are, in templates and in values", async () => {
    const text = 'JSON: {"a": 1}, {{{ x }}}, {single}, {{ 1 }}, {{question}} }}';
    const { prompt } = await scene(text);
    const values = { x: "{{question}}", question: "{x}" };
    expect(await toPromptTemplate(prompt).format(values)).toBe(prompt.format(values));
    expect(prompt.format(values)).toBe('JSON: {"a": 1}, {{{question}}}, {single}, {{ 1 }}, {x} }}');
  });

  test("refuses missing values, where mustache would write nothing", async () => {
    const { prompt } = await scene();
    await expect(
      toChatPromptTemplate(prompt).invoke({ topic: "rivers" } as typeof VALUES),
    ).rejects.toThrow(/question/);
    const inherited = await scene("Say {{constructor}}");
    expect(() => toPromptTemplate(inherited.prompt)).toThrow(/another name than constructor/);
  });

  test("writes objects as JSON", async () => {
    const { prompt } = await scene("Row: {{row}}");
    expect(await toPromptTemplate(prompt).format({ row: { a: 1 } })).toBe('Row: {"a":1}');
  });

  test("takes developer messages for system messages and refuses tool messages", async () => {
    const { prompt } = await scene([{ role: "developer", content: "Be kind." }]);
    const { messages } = (await toChatPromptTemplate(prompt).invoke({})) as {
      messages: InstanceType<typeof HumanMessage>[];
    };
    expect(messages.map((message) => message.getType())).toEqual(["system"]);
    const tool = await scene([{ role: "tool", content: "42" }]);
    expect(() => toChatPromptTemplate(tool.prompt)).toThrow(/placeholder/);
  });

  test("links a text prompt, for chat models and for models without messages", async () => {
    const { prompt, config, linked } = await scene("Say {{word}}.");
    class Plain extends lab.llms.LLM {
      _llmType(): string {
        return "plain";
      }
      override async _call(): Promise<string> {
        return "yes";
      }
    }
    const template = toPromptTemplate(prompt);
    await template.pipe(scriptedModel(lab)).invoke({ word: "yes" }, config);
    await template.pipe(new Plain({})).invoke({ word: "yes" }, config);
    const partial = await template.partial({ word: "no" });
    await partial.pipe(scriptedModel(lab)).invoke({}, config);
    await toChatPromptTemplate(prompt).pipe(scriptedModel(lab)).invoke({ word: "yes" }, config);
    expect(await linked()).toEqual([[REF], [REF], [REF], [REF]]);
  });

  test("refuses a chat prompt as text template", async () => {
    const { prompt } = await scene();
    expect(() => toPromptTemplate(prompt)).toThrow(/guide@1 is a chat prompt/);
  });

  test("links messages that were made by the registry's own formatMessages", async () => {
    const { prompt, config, linked } = await scene();
    const messages = prompt
      .formatMessages(VALUES)
      .map(({ content }) => new SystemMessage(`${content}`));
    await scriptedModel(lab).invoke(messages, config);
    expect(await linked()).toEqual([[REF]]);
  });

  test("finds the prompt beside the model when its messages were copied on the way", async () => {
    const { prompt, config, linked } = await scene();
    const copy = RunnableLambda.from((value: { messages: { content: unknown }[] }) =>
      value.messages.map(({ content }) => new HumanMessage(`${content} `)),
    );
    await RunnableSequence.from([toChatPromptTemplate(prompt), copy, scriptedModel(lab)]).invoke(
      VALUES,
      config,
    );
    expect(await linked()).toEqual([[REF]]);
  });

  test("takes the version that the model's own metadata names before that of a prompt beside it", async () => {
    const { prompt, config, linked } = await scene();
    const copy = RunnableLambda.from((value: { messages: { content: unknown }[] }) =>
      value.messages.map(({ content }) => new HumanMessage(`${content} `)),
    );
    const other = { name: "guide", version: 7 };
    const model = scriptedModel(lab).withConfig({ metadata: { rivulet_prompt: other } });
    await RunnableSequence.from([toChatPromptTemplate(prompt), copy, model]).invoke(VALUES, config);
    expect(await linked()).toEqual([[other]]);
  });

  test("takes the version from the call's metadata when nothing else tells it", async () => {
    const { prompt, config, linked } = await scene();
    const metadata = { rivulet_prompt: prompt.ref };
    await scriptedModel(lab).invoke("Made by hand.", { ...config, metadata });
    await scriptedModel(lab).invoke("Made by hand.", {
      ...config,
      metadata: { rivulet_prompt: "guide" },
    });
    expect(await linked()).toEqual([[REF], undefined]);
  });

  test("links the prompt that is an agent's system prompt, whole and put together", async ({
    skip,
  }) => {
    const agents = lab.agents ?? skip("createAgent came with LangChain 1.0");
    const { prompt, config, linked, rivulet } = await scene("You know {{topic}}.");
    const rules = await rivulet.prompts.register({ name: "rules", template: "Answer in rhymes." });
    const system = prompt.format({ topic: "rivers" });
    const messages = [{ role: "user", content: "Which is long?" }];
    const middleware = agents.createMiddleware({
      name: "Rules",
      wrapModelCall: (request, handler) =>
        handler({ ...request, systemMessage: request.systemMessage.concat(rules.format({})) }),
    });
    const model = scriptedModel(lab);
    await agents.createAgent({ model, systemPrompt: system }).invoke({ messages }, config);
    await agents
      .createAgent({ model, systemPrompt: system, middleware: [middleware] })
      .invoke({ messages }, config);
    expect(await linked()).toEqual([[REF], [REF, { name: "rules", version: 1 }]]);
  });

  test("links a copied message of a text that two prompts have to neither, and messages to their own", async () => {
    const { rivulet, prompt, config, linked } = await scene([
      { role: "system", content: "Equal words." },
      { role: "user", content: "{{question}}" },
    ]);
    const other = await rivulet.prompts.register({
      name: "other",
      template: [{ role: "system", content: "Equal words." }],
    });
    const model = scriptedModel(lab);
    const [own] = (await toChatPromptTemplate(prompt).formatMessages(VALUES)) as [object];
    const [others] = (await toChatPromptTemplate(other).formatMessages({})) as [object];
    const copy = new SystemMessage("Equal words.");
    for (const message of [own, others, copy]) await model.invoke([message as typeof copy], config);
    other.formatMessages({});
    await model.invoke([copy], config);
    expect(await linked()).toEqual([[REF], [{ name: "other", version: 1 }], undefined, undefined]);
  });

  test("links the prompt through standard content and messages that were put together", async ({
    skip,
  }) => {
    if (lab.agents === undefined) skip("contentBlocks came with LangChain 1.0");
    const { prompt, config, linked } = await scene("You know {{topic}} best.");
    const text = prompt.format({ topic: "rivers" });
    const blocks = new SystemMessage({ contentBlocks: [{ type: "text", text }] } as never);
    const joined = new SystemMessage({ content: [{ type: "text", text: "Be kind." }] } as never);
    const model = scriptedModel(lab);
    await model.invoke([blocks], config);
    await model.invoke([(joined as unknown as Joinable).concat(text)], config);
    expect(await linked()).toEqual([[REF], [REF]]);
  });

  interface Joinable {
    concat(text: string): InstanceType<typeof SystemMessage>;
  }

  test("links the prompt's system message that was kept in a graph's state", async () => {
    const { prompt, config, linked } = await scene();
    const { END, MemorySaver, MessagesAnnotation, START, StateGraph } = lab.graph;
    const model = scriptedModel(lab);
    const graph = new StateGraph(MessagesAnnotation)
      .addNode("ask", async ({ messages }) => ({ messages: [await model.invoke(messages)] }))
      .addEdge(START, "ask")
      .addEdge("ask", END)
      .compile({ checkpointer: new MemorySaver() });
    const { messages } = (await toChatPromptTemplate(prompt).invoke(VALUES)) as {
      messages: InstanceType<typeof HumanMessage>[];
    };
    const thread = { ...config, configurable: { thread_id: "t1" } };
    await graph.invoke({ messages }, thread);
    await graph.invoke({ messages: [new HumanMessage("And then?")] }, thread);
    expect(await linked()).toEqual([[REF], [REF]]);
  });
}

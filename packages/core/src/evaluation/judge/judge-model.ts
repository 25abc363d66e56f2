import type { TokenUsage } from "@rivulet/domain";
import { RivuletError } from "@rivulet/domain";
import * as z from "@rivulet/domain/zod";
import type { JudgeModel } from "../evaluations.ts";
import { readUsage } from "./judge-usage.ts";

/** One call of a judge's model. */
interface JudgeCall {
  readonly prompt: string;
  /** JSON schema of the answer, for models with structured output. */
  readonly answerSchema: Readonly<Record<string, unknown>>;
  readonly signal?: AbortSignal;
}

/** The model's reply. */
export interface JudgeReply {
  readonly text: string;
  readonly usage?: TokenUsage;
  /** The model that answered, if the reply names it. */
  readonly model?: string;
}

/** A judge's model, independent of the library it comes from. */
export interface Judge {
  /** The model's name, if it has one. */
  readonly model?: string;
  readonly provider?: string;
  generate(call: JudgeCall): Promise<JudgeReply>;
}

/** AI SDK: the same call in specification versions 2, 3 and 4. */
interface AiSdkModel {
  readonly specificationVersion: string;
  readonly modelId?: unknown;
  readonly provider?: unknown;
  doGenerate(options: unknown): PromiseLike<unknown>;
}

/** LangChain: chat models, and anything else that is invoked with a prompt. */
interface InvokedModel {
  invoke(prompt: string, options: { readonly signal?: AbortSignal }): Promise<unknown>;
}

/**
 * Wraps a judge's model. The libraries are known by their shapes and never imported.
 *
 * @throws RivuletError `unsupported` for anything that is no model
 */
export function toJudge(model: JudgeModel): Judge {
  if (isAiSdkModel(model)) return aiSdkJudge(model);
  if (isInvokedModel(model)) return invokedJudge(model);
  if (typeof model === "function") return functionJudge(model as FunctionModel);
  throw new RivuletError(
    "unsupported",
    "The judge's model must be an AI SDK language model (specification v2, v3 or v4), a LangChain chat model, or a function from a prompt to text.",
  );
}

function isAiSdkModel(model: object): model is AiSdkModel {
  const { specificationVersion, doGenerate } = model as Partial<AiSdkModel>;
  const isKnown = ["v2", "v3", "v4"].includes(specificationVersion ?? "");
  return isKnown && typeof doGenerate === "function";
}

function isInvokedModel(model: object): model is InvokedModel {
  return typeof (model as Partial<InvokedModel>).invoke === "function";
}

type FunctionModel = Extract<JudgeModel, (...args: never[]) => unknown>;

function functionJudge(model: FunctionModel): Judge {
  return {
    ...(model.name === "" ? {} : { model: model.name }),
    generate: async ({ prompt, signal }) => ({ text: await model(prompt, signalOption(signal)) }),
  };
}

const contentSchema = z.array(
  z.union([z.string(), z.object({ type: z.string(), text: z.string().optional() })]),
);

/** The text parts of a message; reasoning and other parts are not the answer. */
function textOf(content: unknown): string {
  if (typeof content === "string") return content;
  const parts = contentSchema.safeParse(content);
  if (!parts.success) throw unreadable();
  const texts = parts.data.flatMap((part) => {
    if (typeof part === "string") return [part];
    return part.type === "text" ? [part.text ?? ""] : [];
  });
  return texts.join("");
}

function unreadable(): RivuletError {
  return new RivuletError("unsupported", "The judge's model answered without text.");
}

const generatedSchema = z.object({
  content: z.unknown(),
  usage: z.unknown(),
  response: z.object({ modelId: z.string().optional() }).optional().catch(undefined),
});

function aiSdkJudge(model: AiSdkModel): Judge {
  return {
    ...named(model.modelId, model.provider),
    generate: async ({ prompt, answerSchema, signal }) => {
      const generated = generatedSchema.parse(
        await model.doGenerate({
          prompt: [{ role: "user", content: [{ type: "text", text: prompt }] }],
          responseFormat: { type: "json", name: "verdict", schema: answerSchema },
          ...(signal === undefined ? {} : { abortSignal: signal }),
        }),
      );
      return {
        text: textOf(generated.content),
        ...readUsage(generated.usage),
        ...named(generated.response?.modelId ?? model.modelId, undefined),
      };
    },
  };
}

const messageSchema = z.object({
  content: z.unknown(),
  usage_metadata: z.unknown(),
  response_metadata: z
    .object({ model_name: z.string().optional(), model: z.string().optional() })
    .optional()
    .catch(undefined),
});

function invokedJudge(model: InvokedModel): Judge {
  const { model: modelName, modelName: otherName } = model as {
    model?: unknown;
    modelName?: unknown;
  };
  const name = modelName ?? otherName;
  return {
    ...named(name, undefined),
    generate: async ({ prompt, signal }) => {
      const answer = await model.invoke(prompt, signalOption(signal));
      if (typeof answer === "string") return { text: answer };
      const message = messageSchema.parse(answer);
      const { model_name, model: answered } = message.response_metadata ?? {};
      return {
        text: textOf(message.content),
        ...readUsage(message.usage_metadata),
        ...named(model_name ?? answered ?? name, undefined),
      };
    },
  };
}

function signalOption(signal: AbortSignal | undefined): { readonly signal?: AbortSignal } {
  return signal === undefined ? {} : { signal };
}

function named(
  model: unknown,
  provider: unknown,
): { readonly model?: string; readonly provider?: string } {
  return {
    ...(typeof model === "string" ? { model } : {}),
    ...(typeof provider === "string" ? { provider } : {}),
  };
}

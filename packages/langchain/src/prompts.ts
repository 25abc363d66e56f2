import type { ChatPromptTemplate, PromptTemplate } from "@langchain/core/prompts";
import * as langChainPrompts from "@langchain/core/prompts";
import { extendPrompts, type Prompt } from "@rivulet/core";
import { createPromptTemplates } from "./prompts/prompt-templates.ts";

export {
  createPromptTemplates,
  type PromptTemplateClasses,
  type PromptTemplates,
} from "./prompts/prompt-templates.ts";

const templates = createPromptTemplates(langChainPrompts);

/**
 * The prompt as LangChain's `ChatPromptTemplate`; a text prompt is one user message. Each model call made
 * from it is linked to this version.
 */
export function toChatPromptTemplate(prompt: Prompt): ChatPromptTemplate {
  return templates.toChatPromptTemplate(prompt);
}

/**
 * The text prompt as LangChain's `PromptTemplate`.
 *
 * @throws RivuletError `invalid_argument` for a chat prompt
 */
export function toPromptTemplate(prompt: Prompt): PromptTemplate {
  return templates.toPromptTemplate(prompt);
}

declare module "@rivulet/core" {
  interface Prompt {
    /** The prompt as LangChain's template, linked to this version. */
    toChatPromptTemplate(): ChatPromptTemplate;
    /**
     * The text prompt as LangChain's template.
     *
     * @throws RivuletError `invalid_argument` for a chat prompt
     */
    toPromptTemplate(): PromptTemplate;
  }
}

extendPrompts({
  toChatPromptTemplate(this: Prompt) {
    return toChatPromptTemplate(this);
  },
  toPromptTemplate(this: Prompt) {
    return toPromptTemplate(this);
  },
});

import type { Prompt } from "@rivulet/core";

/** Answers a question the way a prompt version says, with tools when it needs them. */
export type Agent = (question: string, prompt: Prompt) => Promise<string>;

/** The agents of the demo, by the library they are made with. */
export interface Agents {
  readonly langchain: Agent;
  readonly "ai-sdk": Agent;
}

/** Turns after which an agent that only calls tools is stopped. */
export const MAX_TURNS = 6;

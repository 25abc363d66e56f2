// Pages of prompts, whose code is loaded together.

export { PromptPage } from "./prompts/prompt-page.tsx";
export { PromptsPage } from "./prompts/prompts-page.tsx";

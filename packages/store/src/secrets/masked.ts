/** Stands for a secret. */
export const MASKED = "[masked]";

/** What the local model calls itself, wherever it answers. */
export const LOCAL_MODEL = "local-rules-1";

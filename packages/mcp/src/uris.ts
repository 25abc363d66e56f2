/** Addresses of resources. Names are percent-encoded, so that any name fits one segment. */
export const uris = {
  overview: "rivulet://overview",
  prompt: (name: string): string => `rivulet://prompts/${encodeURIComponent(name)}`,
  model: (name: string): string => `rivulet://models/${encodeURIComponent(name)}`,
  run: (id: string): string => `rivulet://runs/${id}`,
  trace: (id: string): string => `rivulet://traces/${id}`,
} as const;

import type { WebhookEvent } from "@rivulet/core";

/** What a webhook can be told of, in the words of the dashboard. */
export const EVENTS: readonly (readonly [
  title: string,
  events: readonly (readonly [event: WebhookEvent, words: string])[],
])[] = [
  [
    "Models",
    [
      ["registered_model.created", "Model created"],
      ["registered_model.renamed", "Model renamed"],
      ["registered_model.deleted", "Model deleted"],
      ["model_version.created", "Version registered"],
      ["model_version.deleted", "Version deleted"],
      ["model_version_alias.created", "Alias set"],
      ["model_version_alias.deleted", "Alias removed"],
      ["model_version_stage.set", "Stage changed"],
      ["model_version_tag.set", "Tag of a version set"],
      ["model_version_tag.deleted", "Tag of a version removed"],
    ],
  ],
  [
    "Prompts",
    [
      ["prompt.created", "Prompt created"],
      ["prompt.deleted", "Prompt deleted"],
      ["prompt_version.created", "Prompt version created"],
      ["prompt_alias.created", "Prompt alias set"],
      ["prompt_alias.deleted", "Prompt alias removed"],
    ],
  ],
];

const WORDS = new Map<string, string>(EVENTS.flatMap(([, events]) => events));

/** An event in words; a newer server may have more of them. */
export function eventWords(event: WebhookEvent): string {
  return WORDS.get(event) ?? event;
}

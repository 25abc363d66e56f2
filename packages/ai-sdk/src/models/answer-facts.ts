import { type Fields, fieldOf, fieldsOf, listOf, textOf } from "../sdk/read-value.ts";

/** Headers in which providers say which request it was. */
const REQUEST_IDS = [
  "x-request-id",
  "request-id",
  "x-amzn-requestid",
  "apim-request-id",
  "x-goog-request-id",
] as const;

/** What a provider says of its answer, by the names that all adapters use. */
export function answerFacts(answer: Fields): Record<string, unknown> {
  const { finishReason, response, warnings } = answer;
  const reason = textOf(finishReason) ?? textOf(fieldOf(finishReason, "unified"));
  const raw = textOf(fieldOf(finishReason, "raw")) ?? textOf(answer["rawFinishReason"]);
  const facts = {
    finishReason: reason,
    rawFinishReason: raw === reason ? undefined : raw,
    responseId: textOf(fieldOf(response, "id")),
    systemFingerprint: said(answer, "system_fingerprint", "systemFingerprint"),
    serviceTier: said(answer, "service_tier", "serviceTier"),
    requestId: requestIdOf(fieldOf(response, "headers")),
    warnings: listOf(warnings).length > 0 ? warnings : undefined,
  };
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined));
}

/** The model that has answered, as the provider calls it. */
export function answeringModel({ response }: Fields): string | undefined {
  return (
    textOf(fieldOf(response, "modelId")) ??
    textOf(fieldOf(fieldOf(response, "body"), "modelVersion"))
  );
}

/** What a provider writes into its answer, and the SDK, if at all, into the provider's metadata or the raw usage. */
function said({ response, providerMetadata, usage }: Fields, ...names: readonly string[]): unknown {
  const body = fieldOf(response, "body");
  const metadata = Object.values(fieldsOf(providerMetadata) ?? {});
  const places = [
    body,
    fieldOf(body, "usage"),
    ...metadata,
    ...metadata.map((of) => fieldOf(of, "usage")),
    fieldOf(usage, "raw"),
  ];
  for (const place of places) {
    for (const name of names) {
      const value = textOf(fieldOf(place, name));
      if (value !== undefined) return value;
    }
  }
  return undefined;
}

function requestIdOf(headers: unknown): string | undefined {
  for (const name of REQUEST_IDS) {
    const id = textOf(fieldOf(headers, name));
    if (id !== undefined) return id;
  }
  return undefined;
}

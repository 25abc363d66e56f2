import { reportedTier, requestIdIn } from "@rivulet/core";
import { type Fields, fieldOf, fieldsOf, listOf, textOf } from "../sdk/read-value.ts";

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
    serviceTier: placesOf(answer).map(reportedTier).find(isThere) ?? untaken(warnings),
    requestId: requestIdIn(fieldOf(response, "headers")),
    warnings: listOf(warnings).length > 0 ? warnings : undefined,
  };
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined));
}

/** The SDK does not ask for a tier that it thinks the model has none of, and warns of it. */
function untaken(warnings: unknown): string | undefined {
  const isOfTier = (warning: unknown): boolean =>
    /^service_?tier$/i.test(String(fieldOf(warning, "feature") ?? fieldOf(warning, "setting")));
  return listOf(warnings).some(isOfTier) ? "default" : undefined;
}

/** The model that has answered, as the provider calls it. */
export function answeringModel({ response }: Fields): string | undefined {
  return (
    textOf(fieldOf(response, "modelId")) ??
    textOf(fieldOf(fieldOf(response, "body"), "modelVersion"))
  );
}

function said(answer: Fields, ...names: readonly string[]): unknown {
  const told = placesOf(answer).flatMap((place) =>
    names.map((name) => textOf(fieldOf(place, name))),
  );
  return told.find(isThere);
}

/** Where a provider's own words are: in its answer, and what the SDK keeps of it as metadata, or raw usage. */
function placesOf({ response, providerMetadata, usage }: Fields): readonly unknown[] {
  const body = fieldOf(response, "body");
  const metadata = Object.values(fieldsOf(providerMetadata) ?? {});
  return [
    ...[body, ...metadata].flatMap((of) => [
      of,
      fieldOf(of, "usage"),
      fieldOf(of, "usageMetadata"),
    ]),
    fieldOf(usage, "raw"),
  ];
}

function isThere(value: unknown): boolean {
  return value !== undefined;
}

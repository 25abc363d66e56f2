import type { HttpAnswer } from "./provider-server.ts";

/** How a provider says that it does not answer. */
export interface ErrorForm {
  /** The body for a status. */
  readonly body: (status: number, message: string) => object;
  /** The header that names the request. */
  readonly idHeader: string;
}

const TYPES: Readonly<Record<number, string>> = {
  401: "authentication_error",
  429: "rate_limit_error",
  500: "api_error",
};
const GOOGLE: Readonly<Record<number, string>> = {
  401: "UNAUTHENTICATED",
  429: "RESOURCE_EXHAUSTED",
  500: "INTERNAL",
};
const AMAZON: Readonly<Record<number, string>> = {
  401: "UnrecognizedClientException",
  429: "ThrottlingException",
  500: "InternalServerException",
};

/** OpenAI, and those who speak like it. */
export const OPENAI_ERRORS: ErrorForm = {
  body: (status, message) => ({
    error: { message, type: TYPES[status], param: null, code: TYPES[status] },
  }),
  idHeader: "x-request-id",
};
export const ANTHROPIC_ERRORS: ErrorForm = {
  body: (status, message) => ({ type: "error", error: { type: TYPES[status], message } }),
  idHeader: "request-id",
};
export const GOOGLE_ERRORS: ErrorForm = {
  body: (status, message) => ({ error: { code: status, message, status: GOOGLE[status] } }),
  idHeader: "x-request-id",
};
export const MISTRAL_ERRORS: ErrorForm = {
  body: (status, message) => ({ object: "error", message, type: TYPES[status], code: "1300" }),
  idHeader: "x-request-id",
};
export const OLLAMA_ERRORS: ErrorForm = {
  body: (_, message) => ({ error: message }),
  idHeader: "x-request-id",
};
export const BEDROCK_ERRORS: ErrorForm = {
  body: (status, message) => ({ __type: AMAZON[status], message }),
  idHeader: "x-amzn-requestid",
};

/** A refusal of a provider. */
export function refusal({ body, idHeader }: ErrorForm, status: number): HttpAnswer {
  const json = body(status, "zz.message");
  const type = (json as { __type?: string }).__type;
  return {
    status,
    headers: {
      "content-type": "application/json",
      [idHeader]: "zz.request_id",
      ...(status === 429 ? { "retry-after": "0" } : {}),
      ...(type === undefined ? {} : { "x-amzn-errortype": type }),
    },
    body: JSON.stringify(json),
  };
}

import type { Convention } from "../convention.ts";
import { valueBody } from "../convention.ts";

/** What many write in the same way: OpenTelemetry's general conventions, and bare words. */
export const plain: Convention = {
  name: "plain OpenTelemetry",
  roots: [
    "session",
    "user",
    "enduser",
    "input",
    "output",
    "deployment",
    "error",
    "kagent",
    "service",
  ],
  scopes: /^/,
  read: {
    input: ({ attributes }) => valueBody(attributes.json("input", "request")),
    output: ({ attributes }) => valueBody(attributes.json("output", "response")),
    sessionId({ attributes }) {
      const id = attributes.text("session.id");
      if (attributes.peek("gen_ai.conversation.id") === id)
        attributes.drop("gen_ai.conversation.id");
      return id;
    },
    userId: ({ attributes }) => attributes.text("user.id", "enduser.id", "kagent.user_id"),
    tags({ attributes, span }) {
      const environment =
        attributes.text("deployment.environment.name", "deployment.environment") ??
        span.resource?.["deployment.environment.name"] ??
        span.resource?.["deployment.environment"];
      return typeof environment === "string" && environment !== "" ? { environment } : undefined;
    },
    outcome({ attributes, span }) {
      const type = attributes.peek("error.type") || undefined;
      const thrown = span.events?.findLast(({ name }) => name === "exception")?.attributes;
      // The message of what was thrown says more than its type.
      const message =
        attributes.peek("error.message") || (type && thrown?.["exception.message"]) || type;
      return typeof message === "string" ? { message } : undefined;
    },
  },
};

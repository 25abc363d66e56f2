import { createRivulet, type Rivulet, type RivuletOptions } from "@rivulet/core";
import { type OtlpOptions, otlp } from "@rivulet/otel";
import { createHandler } from "@rivulet/server";
import { onTestFinished } from "vitest";

/** A handler that takes OTLP, and its client. */
export interface Receiver {
  readonly rivulet: Rivulet;
  /** Sends a body to the path of OTLP, or another one. */
  post(
    body: BodyInit,
    headers?: Readonly<Record<string, string>>,
    path?: string,
  ): Promise<Response>;
}

/** Opens a client and a handler for one test. */
export function openReceiver(
  options: RivuletOptions = {},
  otlpOptions: OtlpOptions = {},
): Receiver {
  const rivulet = createRivulet({ store: "memory:", ...options });
  const handler = createHandler(rivulet, {
    auth: "none",
    extensions: [otlp(rivulet, otlpOptions)],
  });
  onTestFinished(async () => {
    await handler.close();
    await rivulet.close();
  });
  return {
    rivulet,
    post(body, headers = {}, path = "/v1/traces") {
      const request = new Request(`http://localhost${path}`, {
        method: "POST",
        body,
        headers: { "content-type": "application/json", ...headers },
      });
      return handler(request, { basePath: "" } as Parameters<typeof handler>[1]);
    },
  };
}

import { type ErrorCode, RivuletError } from "@rivulet/core";

/** What a {@link Refusal} is made of. */
export interface RefusalFacts {
  readonly status: number;
  readonly code: ErrorCode;
  readonly message: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly details?: Readonly<Record<string, string>>;
}

/** An error that knows its HTTP status, where the code alone does not say it. Never leaves this package. */
export class Refusal extends RivuletError {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;

  constructor({ status, code, message, headers = {}, details = {} }: RefusalFacts) {
    super(code, message, { details });
    this.status = status;
    this.headers = headers;
  }
}

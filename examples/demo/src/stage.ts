import type { Rivulet } from "@rivulet/core";
import type { Checks } from "./checks.ts";
import type { HttpApi } from "./http-api.ts";

/** What every step of the demo works with. */
export interface Stage {
  readonly rivulet: Rivulet;
  readonly api: HttpApi;
  readonly checks: Checks;
  /** Writes one line for people. */
  readonly tell: (line: string) => void;
}

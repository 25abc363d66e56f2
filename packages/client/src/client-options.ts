import { RivuletError } from "@rivulet/domain/errors";

/** Options of `createClient`. */
export interface ClientOptions {
  /** Where Rivulet is mounted, such as `https://app.example/mlops`; in a browser also relative to the page. */
  readonly baseUrl: string;
  /** API key, sent as a bearer token. @default none: in a browser the page's own cookies count */
  readonly token?: string;
  /** Sends requests in place of the global `fetch`. */
  readonly fetch?: typeof fetch;
}

const NAMES: readonly string[] = ["baseUrl", "token", "fetch"] satisfies (keyof ClientOptions)[];

/** What a client is made with. @throws RivuletError `invalid_argument` naming the option */
export function checkOptions(options: ClientOptions): ClientOptions {
  for (const [name, value] of Object.entries(options ?? {})) {
    if (value === undefined || NAMES.includes(name)) continue;
    throw unfit(name, `is not known here. The options are ${NAMES.join(", ")}`);
  }
  const { baseUrl, token } = options ?? {};
  if (typeof baseUrl !== "string" || !/^https?:\/\/[^/]|^(?![\w.+-]+:)/i.test(baseUrl)) {
    throw unfit("baseUrl", "must be where Rivulet is mounted, such as http://localhost:3000/mlops");
  }
  if (/[?#]/.test(baseUrl)) {
    throw unfit("baseUrl", "must end before ? and #; what follows #token= is the token");
  }
  if (token !== undefined && (typeof token !== "string" || !/^[\x21-\x7e]+$/.test(token))) {
    throw unfit("token", "must be text of visible ASCII characters, without a line break");
  }
  return options;
}

function unfit(name: string, problem: string): RivuletError {
  const field = `options.${name}`;
  return new RivuletError("invalid_argument", `${field}: ${problem}`, { details: { field } });
}

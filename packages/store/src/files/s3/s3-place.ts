import { RivuletError } from "@rivulet/domain";

/** Where in S3, or in a storage that speaks its language, files are kept. */
export interface S3Place {
  readonly bucket: string;
  /** How the keys of all files begin: empty, or with a slash at its end. */
  readonly prefix: string;
  /** @default that of the environment */
  readonly region?: string;
  /** URL of a storage that is not Amazon's. @default Amazon's of the region */
  readonly endpoint?: string;
  /** Milliseconds without a sign of life after which a request has failed. @default 30000 */
  readonly timeoutMs?: number;
}

const FROM_ENVIRONMENT = "Credentials come from the environment, such as AWS_ACCESS_KEY_ID.";
const EXAMPLE = "s3://bucket/prefix?region=eu-central-1";

/** How a place is called in messages. */
export function placeText({ bucket, prefix, endpoint }: S3Place): string {
  const place = `s3://${bucket}/${prefix.replace(/\/$/, "")}`;
  return endpoint === undefined ? place : `${place} at ${endpoint}`;
}

/**
 * Reads `s3://BUCKET/PREFIX?region=REGION&endpoint=URL&timeoutMs=N`. Credentials are never in it: they come from the environment.
 *
 * @throws RivuletError `invalid_argument`
 */
export function readS3Place(url: string): S3Place {
  const { hostname, pathname, search } = parsed(url);
  const prefix = decoded(pathname).replace(/^\/+|\/+$/g, "");
  return {
    bucket: hostname,
    prefix: prefix === "" ? "" : `${prefix}/`,
    ...readOptions(new URLSearchParams(search)),
  };
}

type PlaceOptions = Pick<S3Place, "region" | "endpoint" | "timeoutMs">;

const OPTIONS: ReadonlySet<string> = new Set(["region", "endpoint", "timeoutMs"]);

function readOptions(options: URLSearchParams): PlaceOptions {
  for (const name of options.keys()) {
    if (!OPTIONS.has(name))
      throw noPlace(
        `It has the unknown parameter ${name}; region, endpoint and timeoutMs are known.`,
      );
    if (options.getAll(name).length > 1) throw noPlace(`It has the parameter ${name} twice.`);
  }
  const region = options.get("region");
  const endpoint = options.get("endpoint");
  const timeout = options.get("timeoutMs");
  return {
    ...(region === null ? {} : { region }),
    ...(endpoint === null ? {} : { endpoint: checkEndpoint(endpoint) }),
    ...(timeout === null ? {} : { timeoutMs: readTimeout(timeout) }),
  };
}

function checkEndpoint(endpoint: string): string {
  const url = URL.parse(endpoint);
  if (url === null || !/^https?:$/.test(url.protocol))
    throw noPlace("Its endpoint is no URL of http or https.");
  if (url.username !== "" || url.password !== "") throw noPlace(FROM_ENVIRONMENT);
  return endpoint;
}

function readTimeout(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw noPlace("Its timeoutMs is no number of milliseconds.");
}

function parsed(url: string): URL {
  const place = URL.parse(url);
  if (place === null || place.protocol !== "s3:" || place.hostname === "")
    throw noPlace(`Write it like ${EXAMPLE}.`);
  if (place.username !== "" || place.password !== "") throw noPlace(FROM_ENVIRONMENT);
  if (place.hash !== "") throw noPlace("It has a #.");
  return place;
}

function decoded(pathname: string): string {
  try {
    return decodeURIComponent(pathname);
  } catch (cause) {
    throw noPlace(`Its prefix is not encoded as in a URL (${String(cause)}).`);
  }
}

function noPlace(why: string): RivuletError {
  return new RivuletError(
    "invalid_argument",
    `Option artifacts, or RIVULET_ARTIFACTS, is no place for files. ${why}`,
    {
      details: { option: "artifacts" },
    },
  );
}

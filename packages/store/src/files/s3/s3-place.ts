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
}

const EXAMPLE = "s3://bucket/prefix?region=eu-central-1";

/**
 * Reads `s3://BUCKET/PREFIX?region=REGION&endpoint=URL`. Credentials are never in it: they come from the environment.
 *
 * @throws RivuletError `invalid_argument`
 */
export function readS3Place(url: string): S3Place {
  const { hostname, pathname, search } = parsed(url);
  const prefix = decodeURIComponent(pathname).replace(/^\/+|\/+$/g, "");
  return {
    bucket: hostname,
    prefix: prefix === "" ? "" : `${prefix}/`,
    ...readOptions(new URLSearchParams(search)),
  };
}

function readOptions(options: URLSearchParams): Pick<S3Place, "region" | "endpoint"> {
  for (const name of options.keys()) {
    if (name !== "region" && name !== "endpoint")
      throw noPlace(`It has the unknown parameter ${name}; region and endpoint are known.`);
  }
  const region = options.get("region");
  const endpoint = options.get("endpoint");
  if (endpoint !== null && !/^https?:\/\//.test(endpoint))
    throw noPlace("Its endpoint is no URL of http or https.");
  return { ...(region === null ? {} : { region }), ...(endpoint === null ? {} : { endpoint }) };
}

function parsed(url: string): URL {
  const place = URL.parse(url);
  if (place === null || place.protocol !== "s3:" || place.hostname === "")
    throw noPlace(`Write it like ${EXAMPLE}.`);
  if (place.username !== "" || place.password !== "")
    throw noPlace("Credentials come from the environment, such as AWS_ACCESS_KEY_ID.");
  if (place.hash !== "") throw noPlace("It has a #.");
  return place;
}

function noPlace(why: string): RivuletError {
  return new RivuletError("invalid_argument", `Option artifacts is no place for files. ${why}`, {
    details: { option: "artifacts" },
  });
}

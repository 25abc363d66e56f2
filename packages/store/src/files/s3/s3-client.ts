import type * as Sdk from "@aws-sdk/client-s3";
import { type ErrorCode, messageOf, RivuletError } from "@rivulet/domain";
import type { S3Place } from "./s3-place.ts";

/** A connection to a bucket. */
export interface S3Bucket {
  /** The library, whose commands are sent. */
  readonly sdk: typeof Sdk;
  readonly send: Sdk.S3Client["send"];
}

/** Connects to a bucket when it is first used. */
export function s3Bucket(place: S3Place): () => Promise<S3Bucket> {
  let bucket: Promise<S3Bucket> | undefined;
  return () => {
    bucket ??= connect(place);
    return bucket;
  };
}

const TIMEOUT_MS = 30_000;

async function connect({ region, endpoint, timeoutMs = TIMEOUT_MS }: S3Place): Promise<S3Bucket> {
  const sdk = await loadSdk();
  const client = new sdk.S3Client({
    // Newer checksums than MD5 are not known by every storage that speaks this language.
    requestChecksumCalculation: "WHEN_REQUIRED",
    responseChecksumValidation: "WHEN_REQUIRED",
    // Without these, it waits for ever for somebody who has accepted a connection and says nothing.
    requestHandler: { connectionTimeout: timeoutMs, socketTimeout: timeoutMs },
    ...(region === undefined ? {} : { region }),
    ...(endpoint === undefined ? {} : { endpoint, forcePathStyle: true }),
    ...(region === undefined && endpoint !== undefined ? { region: "us-east-1" } : {}),
  });
  return { sdk, send: client.send.bind(client) };
}

async function loadSdk(): Promise<typeof Sdk> {
  try {
    // Bundlers must leave this alone: whether it is installed is known only at run time.
    return await import(/* webpackIgnore: true */ /* @vite-ignore */ "@aws-sdk/client-s3");
  } catch (cause) {
    throw new RivuletError(
      "unsupported",
      "Artifacts in S3 need a library that is not installed: npm install @aws-sdk/client-s3",
      { cause },
    );
  }
}

const NOT_ALLOWED: ReadonlySet<string> = new Set([
  "AccessDenied",
  "AccountProblem",
  "AllAccessDisabled",
  "ExpiredToken",
  "Forbidden",
  "InvalidAccessKeyId",
  "InvalidToken",
  "SignatureDoesNotMatch",
]);

/** What storages answer to a request that was signed for, or sent to, another region. */
const OTHER_REGION: ReadonlySet<string> = new Set([
  "AuthorizationHeaderMalformed",
  "IllegalLocationConstraintException",
  "PermanentRedirect",
]);

/** Names what a request failed with, so that one knows what to do. */
export function s3Failure(cause: unknown, place: S3Place): RivuletError {
  if (cause instanceof RivuletError) return cause;
  const { bucket, endpoint } = place;
  const name = cause instanceof Error ? cause.name : "";
  const where = `${bucket}${endpoint === undefined ? "" : ` at ${endpoint}`}`;
  const [code, message] = explain({ name, where, message: messageOf(cause) });
  return new RivuletError(code, message, { cause, details: { bucket } });
}

interface Failed {
  readonly name: string;
  readonly where: string;
  readonly message: string;
}

function explain({ name, where, message }: Failed): [ErrorCode, string] {
  if (name === "NoSuchBucket" || name === "InvalidBucketName") {
    const what = `There is no bucket ${where}: create it, or name another in the option artifacts.`;
    return ["store_unavailable", what];
  }
  if (name === "CredentialsProviderError") {
    const what = `There are no credentials for the bucket ${where}: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or a profile or role as for every program that uses S3.`;
    return ["permission_denied", what];
  }
  if (name === "RequestTimeTooSkewed") {
    const what = `The bucket ${where} refuses the time of this machine: set its clock.`;
    return ["store_unavailable", what];
  }
  if (OTHER_REGION.has(name)) {
    const what = `The bucket ${where} is in another region (${message}): name it in the option artifacts, as in s3://bucket/prefix?region=eu-central-1.`;
    return ["store_unavailable", what];
  }
  if (message.includes("Region is missing")) {
    const what = `The region of the bucket ${where} is not known: name it in the option artifacts, as in s3://bucket/prefix?region=eu-central-1, or set AWS_REGION.`;
    return ["invalid_argument", what];
  }
  if (NOT_ALLOWED.has(name)) {
    const what = `The bucket ${where} refuses these credentials (${name}). Rivulet must be able to list it, and to read, write and delete objects in it.`;
    return ["permission_denied", what];
  }
  return ["store_unavailable", `The bucket ${where} cannot be reached: ${message}`];
}

/** Whether the object, and not the bucket, is not there. */
export function isNoObject(error: unknown): boolean {
  return error instanceof Error && (error.name === "NoSuchKey" || error.name === "NotFound");
}

import type * as Sdk from "@aws-sdk/client-s3";
import { messageOf, RivuletError } from "@rivulet/domain";
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

async function connect({ region, endpoint }: S3Place): Promise<S3Bucket> {
  const sdk = await loadSdk();
  const client = new sdk.S3Client({
    // Newer checksums than MD5 are not known by every storage that speaks this language.
    requestChecksumCalculation: "WHEN_REQUIRED",
    responseChecksumValidation: "WHEN_REQUIRED",
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
  "CredentialsProviderError",
  "ExpiredToken",
  "Forbidden",
  "InvalidAccessKeyId",
  "SignatureDoesNotMatch",
]);

/** Names what a request failed with, so that one knows what to do. */
export function s3Failure(cause: unknown, { bucket, endpoint }: S3Place): RivuletError {
  if (cause instanceof RivuletError) return cause;
  const name = cause instanceof Error ? cause.name : "";
  const where = `${bucket}${endpoint === undefined ? "" : ` at ${endpoint}`}`;
  const details = { bucket };
  if (name === "NoSuchBucket") {
    const message = `There is no bucket ${where}: create it, or name another in the option artifacts.`;
    return new RivuletError("store_unavailable", message, { cause, details });
  }
  if (NOT_ALLOWED.has(name)) {
    const message = `The bucket ${where} refuses these credentials (${name}). Rivulet must be able to list it, and to read, write and delete objects in it.`;
    return new RivuletError("permission_denied", message, { cause, details });
  }
  const message = `The bucket ${where} cannot be reached: ${messageOf(cause)}`;
  return new RivuletError("store_unavailable", message, { cause, details });
}

/** Whether the object, and not the bucket, is not there. */
export function isNoObject(error: unknown): boolean {
  return error instanceof Error && (error.name === "NoSuchKey" || error.name === "NotFound");
}

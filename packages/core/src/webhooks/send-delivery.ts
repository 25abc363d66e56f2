import { createHmac } from "node:crypto";
import { request as requestPlain } from "node:http";
import { request as requestSecure } from "node:https";
import { messageOf } from "@rivulet/domain";
import { type AddressRules, checkUrl, guardedLookup } from "./public-address.ts";

/** What is sent, and where. */
export interface Sending extends AddressRules {
  /** Id of the delivery. */
  readonly id: string;
  readonly url: string;
  readonly secret?: string;
  /** The body: JSON. */
  readonly payload: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Ends the attempt. */
  readonly signal: AbortSignal;
  /** The process need not stay alive for it. @default false */
  readonly isBackground?: boolean;
}

/** What came of an attempt. */
export interface Sent {
  /** HTTP status; absent without an answer. */
  readonly status?: number;
  /** Beginning of the answer. */
  readonly body?: string;
  /** Why there is no answer. */
  readonly error?: string;
}

/** Characters of an answer that are read. */
const MOST_READ = 1_000;
const TIMEOUT_MS = 10_000;

/** The signature of a delivery, as MLflow makes it. */
function signatureOf(
  secret: string,
  {
    id,
    timestamp,
    payload,
  }: { readonly id: string; readonly timestamp: string; readonly payload: string },
): string {
  const digest = createHmac("sha256", secret).update(`${id}.${timestamp}.${payload}`);
  return `v1,${digest.digest("base64")}`;
}

/** Sends a delivery once. Follows no redirect, which could lead to another address. Never rejects. */
export async function sendDelivery(sending: Sending): Promise<Sent> {
  try {
    return await send(sending);
  } catch (error) {
    return { error: messageOf(error).slice(0, MOST_READ) };
  }
}

function send({
  id,
  url: text,
  secret,
  payload,
  now,
  signal,
  allowPrivate,
  isBackground = false,
}: Sending): Promise<Sent> {
  const url = checkUrl(text, { allowPrivate });
  const timestamp = String(Math.floor(now / 1000));
  const request = url.protocol === "https:" ? requestSecure : requestPlain;
  return new Promise((resolve, reject) => {
    const sent = request(url, {
      method: "POST",
      agent: false,
      lookup: guardedLookup({ allowPrivate }),
      signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
      headers: {
        "content-type": "application/json",
        "content-length": Buffer.byteLength(payload),
        "user-agent": "rivulet",
        "x-mlflow-delivery-id": id,
        "x-mlflow-timestamp": timestamp,
        ...(secret === undefined
          ? {}
          : { "x-mlflow-signature": signatureOf(secret, { id, timestamp, payload }) }),
      },
    });
    if (isBackground) sent.on("socket", (socket) => socket.unref());
    sent.on("error", reject);
    sent.on("response", (response) => {
      const status = response.statusCode ?? 0;
      let body = "";
      const done = (): void => resolve({ status, body: body.slice(0, MOST_READ) });
      response.setEncoding("utf8");
      response.on("data", (part: string) => {
        body += part;
        if (body.length < MOST_READ) return;
        done();
        sent.destroy();
      });
      response.on("end", done);
      // The status is there: that the rest of the answer is not, is no failure.
      response.on("error", done);
      sent.removeListener("error", reject).on("error", done);
    });
    sent.end(payload);
  });
}

import type { Answer } from "./send.ts";

/** The body of an answer, piece by piece as it comes. Whoever stops reading ends the request. */
export async function* bytesOf(answer: Answer): AsyncIterable<Uint8Array> {
  const reader = answer.stream().getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

import { RivuletError } from "@rivulet/core";

/** The body of a request as text. @throws RivuletError `limit_exceeded` beyond so many bytes */
export async function readText(request: Request, limit: number): Promise<string> {
  const tooLong = (): RivuletError =>
    new RivuletError("limit_exceeded", `The body has more than ${limit} bytes: send fewer rows.`);
  if (Number(request.headers.get("content-length") ?? 0) > limit) throw tooLong();
  const decoder = new TextDecoder("utf-8", { fatal: true });
  const parts: string[] = [];
  let size = 0;
  try {
    for await (const chunk of request.body ?? []) {
      size += chunk.byteLength;
      if (size > limit) throw tooLong();
      parts.push(decoder.decode(chunk, { stream: true }));
    }
    return parts.join("") + decoder.decode();
  } catch (cause) {
    if (cause instanceof RivuletError) throw cause;
    throw new RivuletError("invalid_argument", "The body is not UTF-8.", { cause });
  }
}

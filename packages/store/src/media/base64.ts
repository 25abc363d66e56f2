const NOTHING = Buffer.alloc(0);

/** Bytes that this many characters of base-64 stand for. */
export function base64Size(text: string): number {
  const padding = text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0;
  return Math.floor(((text.length - padding) * 3) / 4);
}

/** The bytes of a text that is nothing but base-64, of either alphabet, in lines or not; `undefined` for another text. */
export function decodeBase64(text: string): Buffer | undefined {
  const whole = text.includes("\n") ? text.replaceAll(/\s+/g, "") : text;
  // The decoder leaves out what is no base-64: then something is missing.
  const content = Buffer.from(whole, "base64");
  return content.byteLength === base64Size(whole) && whole !== "" ? content : undefined;
}

/** The bytes of a value that holds bytes; `undefined` for another one. Vectors of fractions are numbers. */
export function bytesOf(value: object): Uint8Array | undefined {
  if (value instanceof Uint8Array) return value;
  if (value instanceof Float32Array || value instanceof Float64Array) return undefined;
  if (ArrayBuffer.isView(value)) {
    return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
  }
  const isBuffer = value instanceof ArrayBuffer || value instanceof SharedArrayBuffer;
  return isBuffer ? new Uint8Array(value) : undefined;
}

/** The bytes of a buffer that was made JSON: `{ type: "Buffer", data: [1, 2] }`. */
export function bytesOfJson(data: unknown): Uint8Array | undefined {
  if (!Array.isArray(data)) return undefined;
  const isBytes = data.every((byte) => Number.isInteger(byte) && byte >= 0 && byte <= 0xff);
  return isBytes ? (data.length === 0 ? NOTHING : Buffer.from(data as number[])) : undefined;
}

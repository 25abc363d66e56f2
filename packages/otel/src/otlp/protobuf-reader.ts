import { PbfReader } from "pbf";

/** Reads one field of a message into what is known of it so far. */
export type ReadField<T> = (field: number, message: T, reader: ProtobufReader) => void;

/** Messages in messages are read this deep. */
const MAX_DEPTH = 64;

const WIRE_TYPES = { varint: 0, fixed64: 1, bytes: 2 } as const;

/**
 * Reads protobuf of strangers: a field of another wire type than it should have is passed over, and one that ends
 * beyond its message is refused.
 */
export class ProtobufReader {
  readonly #pbf: PbfReader;
  readonly #view: DataView;
  #end: number;
  #depth = 0;

  constructor(bytes: Uint8Array) {
    this.#pbf = new PbfReader(bytes);
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#end = bytes.byteLength;
  }

  /** Reads the whole message. @throws Error when it is malformed */
  read<T>(readField: ReadField<T>, message: T): T {
    this.#readFields(readField, message);
    return message;
  }

  /** A message in this one; `undefined` when the field is none. */
  message<T>(readField: ReadField<T>, message: T): T | undefined {
    if (!this.#is("bytes")) return undefined;
    const outer = this.#end;
    this.#end = this.#endOfBytes();
    this.#depth++;
    if (this.#depth > MAX_DEPTH) this.#pbf.pos = this.#end;
    else this.#readFields(readField, message);
    this.#depth--;
    this.#end = outer;
    return message;
  }

  /** Text; `undefined` when the field is none. */
  text(): string | undefined {
    if (!this.#is("bytes")) return undefined;
    const start = this.#pbf.pos;
    this.#endOfBytes();
    this.#pbf.pos = start;
    return this.#pbf.readString();
  }

  /** Bytes; `undefined` when the field is none. */
  bytes(): Uint8Array | undefined {
    if (!this.#is("bytes")) return undefined;
    const start = this.#pbf.pos;
    this.#endOfBytes();
    this.#pbf.pos = start;
    return this.#pbf.readBytes();
  }

  /** A small number, such as an enum; `undefined` when the field is none. */
  small(): number | undefined {
    return this.#is("varint") ? this.#pbf.readVarint() : undefined;
  }

  /** A number with a sign, exact as text where JavaScript would round it; `undefined` when the field is none. */
  integer(): number | string | undefined {
    if (!this.#is("varint")) return undefined;
    const start = this.#pbf.pos;
    const number = this.#pbf.readVarint(true);
    return Number.isSafeInteger(number) ? number : this.#exact(start);
  }

  /** Eight bytes without a sign; `undefined` when the field is none. */
  fixed64(): bigint | undefined {
    if (!this.#is("fixed64")) return undefined;
    const value = this.#view.getBigUint64(this.#pbf.pos, true);
    this.#pbf.pos += 8;
    return value;
  }

  /** A floating-point number; `undefined` when the field is none. */
  double(): number | undefined {
    return this.#is("fixed64") ? this.#pbf.readDouble() : undefined;
  }

  #is(type: keyof typeof WIRE_TYPES): boolean {
    return this.#pbf.type === WIRE_TYPES[type];
  }

  #readFields<T>(readField: ReadField<T>, message: T): void {
    this.#pbf.readFields((field, into) => readField(field, into, this), message, this.#end);
    if (this.#pbf.pos !== this.#end) throw new Error("a field ends beyond its message");
  }

  /** Moves behind the length of a field, and returns where the field ends. */
  #endOfBytes(): number {
    const end = this.#pbf.readVarint() + this.#pbf.pos;
    if (!(end <= this.#end)) throw new Error("a field ends beyond its message");
    return end;
  }

  #exact(start: number): string {
    let value = 0n;
    for (let position = start, shift = 0n; position < this.#pbf.pos; position++, shift += 7n) {
      value |= BigInt(this.#view.getUint8(position) & 0x7f) << shift;
    }
    return String(BigInt.asIntN(64, value));
  }
}

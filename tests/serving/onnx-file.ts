/** A field of a protobuf message: a number, or bytes. */
type Field = readonly [number: number, value: number | Uint8Array | string];

function varint(value: number): readonly number[] {
  const bytes: number[] = [];
  let rest = value;
  while (rest > 127) {
    bytes.push((rest & 127) | 128);
    rest >>>= 7;
  }
  return [...bytes, rest];
}

function message(...fields: readonly Field[]): Uint8Array {
  return Uint8Array.from(
    fields.flatMap(([number, value]) => {
      if (typeof value === "number") return [...varint(number << 3), ...varint(value)];
      const bytes = typeof value === "string" ? new TextEncoder().encode(value) : value;
      return [...varint((number << 3) | 2), ...varint(bytes.length), ...bytes];
    }),
  );
}

const FLOAT = 1;

function matrix(name: string, dims: readonly number[], values: readonly number[]): Uint8Array {
  const raw = new Uint8Array(Float32Array.from(values).buffer);
  const sizes = dims.map((size): Field => [1, size]);
  return message(...sizes, [2, FLOAT], [8, name], [9, raw]);
}

/** A tensor of any number of rows. */
function port(name: string, width: number): Uint8Array {
  const shape = message([1, message([2, "rows"])], [1, message([1, width])]);
  return message([1, name], [2, message([1, message([1, FLOAT], [2, shape])])]);
}

const node = (operator: string, inputs: readonly string[], output: string): Uint8Array =>
  message(...inputs.map((name): Field => [1, name]), [2, output], [4, operator]);

/** An ONNX model of three numbers a row: their sum with these weights, and a bias. */
export function linearOnnx(weights: readonly [number, number, number], bias: number): Uint8Array {
  const graph = message(
    [1, node("MatMul", ["x", "w"], "xw")],
    [1, node("Add", ["xw", "b"], "y")],
    [2, "linear"],
    [5, matrix("w", [3, 1], weights)],
    [5, matrix("b", [1], [bias])],
    [11, port("x", 3)],
    [12, port("y", 1)],
  );
  return message([1, 8], [7, graph], [8, message([1, ""], [2, 13])]);
}

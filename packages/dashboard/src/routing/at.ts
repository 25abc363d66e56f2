/** Fills `/runs/${id}` with percent-encoded parts. */
export function at(parts: TemplateStringsArray, ...values: readonly (string | number)[]): string {
  return parts.reduce(
    (path, part, index) => path + encodeURIComponent(String(values[index - 1])) + part,
  );
}

export function load(files) {
  return { predict: (rows) => rows.map(({ a, b }) => a + b + files.paths.length) };
}

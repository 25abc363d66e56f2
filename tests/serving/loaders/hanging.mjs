/** Never makes a model. */
export function load() {
  process.stderr.write("loading\n");
  return new Promise(() => {});
}

/** Never makes a model. */
export function load() {
  return new Promise(() => {});
}

/** Never makes a model. */
export function load() {
  console.error("loading");
  return new Promise(() => {});
}

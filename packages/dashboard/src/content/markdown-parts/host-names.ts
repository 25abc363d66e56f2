/** Stands in for the `punycode.js` package in the build: addresses are not taken apart (`addresses.ts`). */
const nothing = {};
// biome-ignore lint/style/noDefaultExport: the parser imports it so
export default nothing;

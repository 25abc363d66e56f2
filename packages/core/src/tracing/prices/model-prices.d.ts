declare module "@rivulet/core/model-prices.json" {
  const list: import("./price-list.ts").PriceList;
  export default list;
}

declare module "express4" {
  // Express 4 has the shape of Express 5 in all that is used here.
  export { default } from "express";
}

import { Option } from "commander";

/** `--artifacts PLACE`, where the store's files are. */
export function artifactsOption(): Option {
  return new Option(
    "--artifacts <place>",
    "where the bytes of files are: s3://BUCKET/PREFIX?region=…; default beside the store",
  ).env("RIVULET_ARTIFACTS");
}

/**
 * Limits of names and values, in characters unless noted otherwise. They are MLflow's, so that its clients see the
 * errors they expect.
 */
export const LIMITS = {
  /** Keys of metrics, params and tags, and all names except those of experiments. */
  name: 250,
  experimentName: 500,
  alias: 255,
  paramValue: 6_000,
  tagValue: 8_000,
  /** Prompt template, as JSON. */
  template: 100_000,
  description: 5_000,
  /** Entities in one `logBatch`. */
  batchMetrics: 1_000,
  batchParams: 1_000,
  batchTags: 1_000,
  /** Tags of one trace while it is recorded. */
  traceTags: 100,
  /** Metrics that one experiment declares. */
  declaredMetrics: 1_000,
  /** Excerpt of a trace's input, output and error that lists show. */
  preview: 1_000,
  /** Length of a filter. */
  filter: 4_096,
  filterClauses: 50,
  /** Length of a regular expression in a filter. */
  regularExpression: 256,
  /** Length of a page token. */
  pageToken: 2_048,
  /** Metadata or config as JSON, in bytes. */
  metadataBytes: 100_000,
  /** Records in one `addRecords`. */
  records: 10_000,
  /** One of them as JSON, in bytes. */
  recordBytes: 1_000_000,
  /** One span as JSON, in bytes; long strings are cut in the middle to fit. */
  spanBytes: 1_000_000,
  /** One artifact, in bytes. */
  artifactBytes: 1_073_741_824,
  artifactPath: 500,
  /** Of datasets that runs are given; schema and profile as JSON, in bytes. */
  datasetName: 500,
  datasetDigest: 36,
  datasetSource: 65_535,
  datasetSchemaBytes: 1_048_575,
  datasetProfileBytes: 16_777_215,
  inputTagValue: 500,
  /** Datasets in one `logInputs`. */
  inputs: 100,
  /** Inputs or outputs of a model. */
  modelFields: 1_000,
  /** Query of a saved view. */
  viewQuery: 8_000,
} as const;

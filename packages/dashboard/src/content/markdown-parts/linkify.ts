/** Stands in for the `linkify-it` package in the build: nothing here looks for links in plain words. */
export class LinkifyIt {}

/** Stands in for the `uc.micro` package in the build: browsers know by themselves what is punctuation. */
export const P: RegExp = /\p{P}/u;
/** Symbols. */
export const S: RegExp = /\p{S}/u;

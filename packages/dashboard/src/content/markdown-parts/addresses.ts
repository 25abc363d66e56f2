/** An address that is not taken apart. */
interface Address {
  readonly whole: string;
}

/** Stands in for the `mdurl` package in the build: browsers encode the address of a link by themselves. */
export function parse(whole: string): Address {
  return { whole };
}

/** The address, as it was written. */
export function format({ whole }: Address): string {
  return whole;
}

/** Of nothing: an address has no parts here. */
export function encode(part: string): string {
  return part;
}

/** The address for people to read, as it was written. */
export function decode(address: string): string {
  return address;
}

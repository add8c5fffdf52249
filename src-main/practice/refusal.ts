/** The venue's "no": goes out as `retCode` and `retMsg`, with the texts seen in real answers. */
export class Refusal extends Error {
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

export const invalid = (what: string): Refusal =>
  new Refusal(10001, `params error: ${what} invalid`);

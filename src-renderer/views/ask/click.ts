/** The name of one wish of the operator, made where he decides and sent along however often it is sent. */
export const newClick = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
    byte.toString(16).padStart(2, '0'),
  ).join('');

/** The same plain values, at whatever depth. */
export function sameContent(a: object, b: object): boolean {
  if (a === b) return true;
  const names = Object.keys(a) as (keyof typeof a)[];
  return (
    names.length === Object.keys(b).length &&
    names.every((name) => {
      const [one, other]: [unknown, unknown] = [a[name], b[name]];
      if (one === other) return true;
      return isObject(one) && isObject(other) && sameContent(one, other);
    })
  );
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

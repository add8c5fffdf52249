/**
 * A line the size of a word. `values` are oldest first; `null` is a gap. It spans its own least and
 * most, so the shape is seen, not the size: say the figures beside it.
 */
export function Sparkline({
  values,
  label,
  width = 120,
  height = 18,
}: {
  values: readonly (number | null)[];
  label: string;
  width?: number;
  height?: number;
}) {
  return (
    <svg
      role="img"
      aria-label={label}
      viewBox={`0 0 ${width} ${height}`}
      width={width}
      height={height}
    >
      <path
        d={sparkPath(values, width, height)}
        fill="none"
        stroke="var(--accent)"
        strokeWidth="1.5"
      />
    </svg>
  );
}

/** The SVG path of a sparkline; a gap lifts the pen. */
export function sparkPath(
  values: readonly (number | null)[],
  width: number,
  height: number,
): string {
  const known = values.filter((value) => value !== null);
  if (known.length === 0) return '';
  const least = Math.min(...known);
  const spread = Math.max(...known) - least || 1;
  const step = width / Math.max(1, values.length - 1);
  let down = false;
  let path = '';
  for (const [index, value] of values.entries()) {
    if (value !== null) {
      const y = height - 1 - ((value - least) / spread) * (height - 2);
      path += `${down ? 'L' : 'M'}${(index * step).toFixed(1)} ${y.toFixed(1)}`;
    }
    down = value !== null;
  }
  return path;
}

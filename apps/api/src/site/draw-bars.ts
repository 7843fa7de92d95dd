const HEIGHT = 100;
/** So that one of a thousand is seen. */
const LEAST = 1.5;
/** Beyond so many bars, gaps between them would be narrower than a line. */
const MOST_APART = 100;
const GAP = 0.12;

const steps = [1, 2, 3, 4, 5, 6, 8, 10];

/** The round number at which a picture of such numbers ends. */
export function findTop(most: number): number {
  const power = 10 ** Math.max(0, Math.ceil(Math.log10(most || 1)) - 1);
  const step = steps.find((one) => one * power >= most) ?? 10;
  return step * power;
}

const measure = (value: number, top: number) =>
  value === 0 ? 0 : Math.max(LEAST, (value / top) * HEIGHT);

const shorten = (number: number) => String(Math.round(number * 100) / 100);

/**
 * Bars as the path of an SVG, each one wide and from 100 at the foot up to 0.
 *
 * @param start how many places before the first bar are empty
 */
export function drawBars(
  values: number[],
  { top, start, length }: { top: number; start: number; length: number },
): string {
  const gap = length > MOST_APART ? 0 : GAP;
  const draw = (value: number, index: number) => {
    const x = start + index;
    const y = shorten(HEIGHT - measure(value, top));
    // Without gaps it is one outline: between bars that touch, a browser would show lines.
    if (gap === 0) return `V${y}H${x + 1}`;
    return `M${shorten(x + gap)} ${HEIGHT}V${y}H${shorten(x + 1 - gap)}V${HEIGHT}Z`;
  };
  const drawn = values.map(draw).join('');
  return gap === 0 ? `M${start} ${HEIGHT}${drawn}V${HEIGHT}Z` : drawn;
}

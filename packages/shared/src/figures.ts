import * as z from 'zod/mini';

/** How many days the pictures of the figures may show. */
export const figureSpans = [30, 90, 365] as const;

/** Input of `operator.figures`, which may be left out. */
export const figuresInput = z.prefault(
  z.object({ days: z.prefault(z.literal(figureSpans), figureSpans[0]) }),
  {},
);

import { appRouter } from '../trpc/router.ts';

type Flat = Record<string, { _def: { type: string } }>;

/** Every procedure of the API, by its whole name. */
export function listProcedures(): { path: string; isQuery: boolean }[] {
  const procedures = appRouter._def.procedures as unknown as Flat; // Typed as nested, kept by whole names.
  return Object.entries(procedures).map(([path, { _def }]) => ({
    path,
    isQuery: _def.type === 'query',
  }));
}

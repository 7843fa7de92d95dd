import type { FastifyInstance } from 'fastify';
import { admitReaders } from './admit-readers.ts';
import { decodePath } from './request-path.ts';

/** For the options of a route: where the site brings a file for its address at that moment, that is sent. */
export const yieldsToFile = { bringsNoFile: true };

/** Lets the routes with `yieldsToFile` give way to files. */
export function yieldToFiles(server: FastifyInstance, isBrought: (path: string) => boolean): void {
  admitReaders(server, 'bringsNoFile', (_request, target) => {
    const path = decodePath(target);
    return path !== null && !isBrought(path);
  });
}

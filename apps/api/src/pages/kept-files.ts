import { statSync, type Stats } from 'node:fs';
import { join } from 'node:path';

/** A file as it was sent: its bytes, and the headers that came with them. */
type KeptFile = { stamp: string; headers: Record<string, string | number>; bytes: Buffer };

/** Small files of a folder, in memory while there is room. */
export type KeptFiles = {
  /** The file, or null where it is not kept or is another one by now. */
  find: (name: string) => KeptFile | null;
  /** @param stat of the file before its bytes were read */
  keep: (name: string, stat: Stats, file: Omit<KeptFile, 'stamp'>) => void;
};

/** What is larger is read from the disk each time. */
export const KEPT_FILE_BYTES = 256 * 1024;

const stampOf = ({ ino, size, mtimeMs, ctimeMs }: Stats) => `${ino} ${size} ${mtimeMs} ${ctimeMs}`;

/** @param mostBytes of all kept files together */
export function createKeptFiles(folder: string, mostBytes: number): KeptFiles {
  const kept = new Map<string, KeptFile>();
  let room = mostBytes;
  const drop = (name: string) => {
    room += kept.get(name)?.bytes.length ?? 0;
    kept.delete(name);
  };
  return {
    find: (name) => {
      const file = kept.get(name);
      if (!file) return null;
      const stat = statSync(join(folder, name), { throwIfNoEntry: false });
      if (stat && stampOf(stat) === file.stamp) return file;
      drop(name);
      return null;
    },
    keep: (name, stat, { headers, bytes }) => {
      drop(name);
      if (bytes.length > Math.min(room, KEPT_FILE_BYTES)) return;
      room -= bytes.length;
      kept.set(name, { stamp: stampOf(stat), headers, bytes });
    },
  };
}

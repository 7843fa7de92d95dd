/**
 * The keys that encrypt the secrets of authenticators. They stand in DATA_DIR, and not in the database,
 * so that a copy of the database makes nobody's codes. The first key is the one that encrypts; those
 * after it still decrypt what was written before the keys were rotated.
 */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const KEY_BYTES = 32;
const IV_BYTES = 12;
const TAG_BYTES = 16;
const algorithm = 'aes-256-gcm';

const keyFile = z.array(z.object({ id: z.string().min(1), key: z.base64url() })).min(1);
type Key = z.infer<typeof keyFile>[number];

export type FactorKeys = ReturnType<typeof openFactorKeys>;

/** The key that a secret was encrypted with is not in the file. */
class MissingFactorKeyError extends Error {
  constructor(path: string, id: string) {
    super(
      `The key ${id}, which encrypts an authenticator's secret, is not in ${path}. Put this file back from a backup of DATA_DIR, or remove the person's factors: npm run admin -- user remove-factors USER`,
    );
  }
}

const makeKey = (): Key => ({
  id: randomBytes(6).toString('base64url'),
  key: randomBytes(KEY_BYTES).toString('base64url'),
});

/** Opens the keys in a folder; the file is made, with mode 600, when something is first encrypted. */
export function openFactorKeys(folder: string) {
  const path = join(folder, 'factor-keys.json');

  function read(): Key[] {
    try {
      return keyFile.parse(JSON.parse(readFileSync(path, 'utf8')));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
      throw new Error(`${path} cannot be read. Put it back from a backup of DATA_DIR.`, {
        cause: error,
      });
    }
  }

  /** Writes a file of its own first: at no moment is there half of one. */
  function write(keys: Key[], place: (from: string, to: string) => void): void {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const draft = `${path}.${randomBytes(6).toString('hex')}`;
    writeFileSync(draft, `${JSON.stringify(keys, null, 2)}\n`, { mode: 0o600, flush: true });
    try {
      place(draft, path);
    } finally {
      rmSync(draft, { force: true });
    }
  }

  function readOrMake(): Key[] {
    const keys = read();
    if (keys.length > 0) return keys;
    try {
      // Unlike a rename, it fails where another process has made the file meanwhile.
      write([makeKey()], linkSync);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    return read();
  }

  return {
    path,
    ...useKeys(path, { read, readOrMake }),
    /** The same with the keys as they are now, for many secrets: the file is read once. */
    readOnce() {
      const keys = read();
      return useKeys(path, { read: () => keys, readOrMake: () => keys });
    },
    /** Puts a new key in front of those that a server may have made just now. They stay, until `dropFormer`. */
    rotate: (): void => write([makeKey(), ...readOrMake()], renameSync),
    /** Keeps the current key and the one before it, which a process may just have encrypted with. */
    dropFormer: (): void => write(read().slice(0, 2), renameSync),
  };
}

type KeySource = { read: () => Key[]; readOrMake: () => Key[] };

/** What can be done with the keys. */
function useKeys(path: string, { read, readOrMake }: KeySource) {
  return {
    /** Whether there is a key that decrypts this. */
    has: (encrypted: string): boolean => read().some(({ id }) => id === nameKey(encrypted)),
    /** Whether this was encrypted with the key that encrypts now. */
    isCurrent: (encrypted: string): boolean => readOrMake()[0]?.id === nameKey(encrypted),
    /** @param owner whose secret it is: it decrypts for nobody else */
    encrypt(secret: string, owner: string): string {
      const [current] = readOrMake();
      if (!current) throw new Error(`${path} holds no key.`);
      const iv = randomBytes(IV_BYTES);
      const cipher = createCipheriv(algorithm, Buffer.from(current.key, 'base64url'), iv);
      cipher.setAAD(Buffer.from(owner));
      const text = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()]);
      const whole = Buffer.concat([iv, cipher.getAuthTag(), text]);
      return `${current.id}.${whole.toString('base64url')}`;
    },
    decrypt(encrypted: string, owner: string): string {
      const id = nameKey(encrypted);
      const found = read().find((key) => key.id === id);
      if (!found) throw new MissingFactorKeyError(path, id);
      const whole = Buffer.from(encrypted.slice(id.length + 1), 'base64url');
      const iv = whole.subarray(0, IV_BYTES);
      const decipher = createDecipheriv(algorithm, Buffer.from(found.key, 'base64url'), iv);
      decipher.setAAD(Buffer.from(owner));
      decipher.setAuthTag(whole.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
      const text = decipher.update(whole.subarray(IV_BYTES + TAG_BYTES));
      return Buffer.concat([text, decipher.final()]).toString('utf8');
    },
  };
}

const nameKey = (encrypted: string) => encrypted.split('.', 1)[0] ?? '';

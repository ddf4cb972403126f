import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { constants, Script } from 'node:vm';
import { crc32 } from 'node:zlib';

/**
 * Runs a program, and has V8 compile it once on a machine: the first process that ends well leaves the code beside it, which saves
 * the others a fifth of their start. V8 refuses the code of another version of it, and then compiles anew.
 *
 * @param path A module, or a script (`.cjs`) whose value is a function of `require`.
 */
export async function loadProgram(path: string): Promise<void> {
  if (!path.endsWith('.cjs')) {
    await import(pathToFileURL(path).href);
    return;
  }
  const place = `${path}.${process.version}-${process.arch}.cache`;
  const known = readCode(place);
  const script = new Script(readFileSync(path, 'utf8'), {
    filename: path,
    cachedData: known,
    importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  });
  if (known === undefined || script.cachedDataRejected) {
    process.on('exit', (code) => {
      // What V8 has compiled by then is what such a process needs.
      if (code === 0) keepCode(place, script.createCachedData());
    });
  }
  (script.runInThisContext() as (require: NodeJS.Require) => void)(createRequire(path));
}

/** Bytes of the checksum before the code: V8 takes torn code for good. */
const CHECKSUM = 4;

function readCode(place: string): Buffer | undefined {
  try {
    const bytes = readFileSync(place);
    const code = bytes.subarray(CHECKSUM);
    return bytes.readUInt32LE() === crc32(code) ? code : undefined;
  } catch {
    return undefined;
  }
}

/** Nothing is lost where it cannot be written. */
function keepCode(place: string, code: Buffer): void {
  const unfinished = `${place}.${process.pid}`;
  const checksum = Buffer.alloc(CHECKSUM);
  checksum.writeUInt32LE(crc32(code));
  try {
    writeFileSync(unfinished, Buffer.concat([checksum, code]), { mode: 0o600 });
    renameSync(unfinished, place);
  } catch {
    rmSync(unfinished, { force: true });
  }
}

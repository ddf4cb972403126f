import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { OptionError } from '../errors.js';
import { MergedProfile, type CpuProfile } from '../report/merged-profile.js';
import type { ProfileReport } from '../report/profile.js';

/** How a run has its children profiled, and what it makes of that in the end. */
export interface Profiling {
  /** The flags that have a child write its profile as it ends: nothing of it runs in a child otherwise. */
  readonly flags: readonly string[];
  /** Once the children are gone. Undefined where none has ended by itself. */
  end(): Promise<ProfileReport | undefined>;
}

/** @throws OptionError where the directory cannot be made. */
export async function openProfiling(directory: string): Promise<Profiling> {
  const place = resolve(directory);
  const own = await ownDirectory(place);
  return {
    // What V8 inlines counts for its caller: the functions of a run would count for the loop that calls them.
    flags: ['--no-turbo-inlining', '--cpu-prof', `--cpu-prof-dir=${own}`],
    async end() {
      try {
        const merged = new MergedProfile();
        for (const file of (await readdir(own)).sort()) {
          const profile = profileIn(await readFile(join(own, file), 'utf8'));
          if (profile !== undefined) merged.add(profile);
        }
        if (merged.children === 0) return undefined;
        const time = new Date().toISOString().replaceAll(':', '-');
        const file = join(place, `${time}-${process.pid}.cpuprofile`);
        await writeFile(file, JSON.stringify(merged.profile()));
        return { file, ...merged.summary() };
      } finally {
        await rm(own, { recursive: true, force: true });
      }
    },
  };
}

async function ownDirectory(place: string): Promise<string> {
  try {
    await mkdir(place, { recursive: true });
    return await mkdtemp(join(place, '.children-'));
  } catch (error) {
    const { message } = error as Error;
    throw new OptionError(`profile ${place} cannot be written to: ${message}`, 'profile', { cause: error });
  }
}

/** A child that was killed as it wrote has left half a file. */
function profileIn(text: string): CpuProfile | undefined {
  try {
    return JSON.parse(text) as CpuProfile;
  } catch {
    return undefined;
  }
}

import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { place } from '../disk/place.js';
import { OptionError } from '../errors.js';
import type { Settings } from '../options/settings.js';
import type { RunReporter } from '../report/run-snapshot.js';

const PACKAGE = '@forkfold/report';

/** What the package gives. */
interface PageModule {
  readonly htmlReport: (path: string) => RunReporter;
}

/** Whether the report is a page, which a package of its own makes. */
export function wantsPage({ report }: Settings): boolean {
  return typeof report === 'string' && /\.html?$/i.test(report);
}

/**
 * Has the package make the page. It is looked for beside this one, beside the program, and where the process works, since
 * no package of which this one depends names it.
 *
 * @throws OptionError where it is not installed.
 */
export async function withPage(settings: Settings): Promise<Settings> {
  const path = settings.report as string;
  const file = findPackage();
  if (file === undefined) {
    throw new OptionError(
      `The page ${path} is made by ${PACKAGE}, which is not installed: npm install ${PACKAGE}; ` +
        'or name a file that ends in .json, for the report as data',
      'report',
    );
  }
  const { htmlReport } = (await import(pathToFileURL(file).href)) as PageModule;
  return { ...settings, report: htmlReport(path) };
}

function findPackage(): string | undefined {
  const [, program] = process.argv;
  const beside = [place, program, join(process.cwd(), 'program.js')];
  for (const from of beside) {
    if (from === undefined) continue;
    try {
      return createRequire(from).resolve(PACKAGE);
    } catch {
      // The package may be installed beside the next.
    }
  }
  return undefined;
}

import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach } from '@jest/globals';
import { parseHTML } from 'linkedom';
import type { PageData } from '../src/page-data.js';

/** A page as a reader has it: its elements, and what its script draws. */
export interface ReadPage {
  readonly document: Document;
  readonly data: PageData;
  readonly text: string;
}

interface Document {
  querySelector(selector: string): Element | null;
  querySelectorAll(selector: string): Element[];
}

interface Element extends Document {
  readonly textContent: string;
  getAttribute(name: string): string | null;
}

/** A directory for each test. */
export function directory(): { readonly path: string; names(): Promise<string[]> } {
  let path = '';
  beforeEach(async () => {
    path = await mkdtemp(join(tmpdir(), 'forkfold-page-'));
  });
  afterEach(() => rm(path, { recursive: true, force: true }));
  return {
    get path() {
      return path;
    },
    names: () => readdir(path),
  };
}

export async function readPage(file: string): Promise<ReadPage> {
  return pageFrom(await readFile(file, 'utf8'));
}

export function pageFrom(text: string): ReadPage {
  const { document } = parseHTML(text) as unknown as { readonly document: Document };
  const data = JSON.parse(document.querySelector('#data')!.textContent) as PageData;
  return { document, data, text };
}

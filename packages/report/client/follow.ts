import type { PageData } from '../src/page-data.js';

/** Milliseconds between two looks at a run that is under way. */
const EVERY = 2000;
/** A page that was not rewritten for so long tells that its run may be gone, and is looked at less often. */
const SILENT = 20_000;

/** What a page remembers of itself when it is loaded anew. */
interface Kept {
  readonly isFollowing: boolean;
  readonly scroll: number;
  readonly open: readonly string[];
}

/** Loads the page anew as long as its run is under way, and has it look as it did. */
export function follow({ isUnderWay, written }: PageData): void {
  const kept = recall();
  for (const id of kept?.open ?? []) document.getElementById(id)?.setAttribute('open', '');
  if (kept !== undefined) scrollTo(0, kept.scroll);
  const box = document.getElementById('follow') as HTMLInputElement | null;
  if (!isUnderWay || box === null) return;
  if (kept?.isFollowing === false) box.checked = false;
  const age = Date.now() - written;
  const isSilent = age > SILENT;
  const news = document.getElementById('news');
  if (isSilent && news !== null) {
    news.textContent = `no news for ${Math.round(age / 1000)} s: the process of the run may be gone`;
  }
  const look = (): void => {
    // A page that nobody sees, or that somebody reads with the pointer, waits.
    if (!box.checked || document.hidden || getSelection()?.isCollapsed === false) return;
    keep(box.checked);
    location.reload();
  };
  setInterval(look, isSilent ? 5 * EVERY : EVERY);
  box.addEventListener('change', () => keep(box.checked));
}

function keep(isFollowing: boolean): void {
  const open = [...document.querySelectorAll('details[open][id]')].map(({ id }) => id);
  const kept: Kept = { isFollowing, scroll: scrollY, open };
  try {
    sessionStorage.setItem(key(), JSON.stringify(kept));
  } catch {
    // Some browsers keep nothing for pages from the disk.
  }
}

function recall(): Kept | undefined {
  try {
    const text = sessionStorage.getItem(key());
    return text === null ? undefined : (JSON.parse(text) as Kept);
  } catch {
    return undefined;
  }
}

/** Pages from the disk may share what is kept. */
function key(): string {
  return `forkfold ${location.pathname}`;
}

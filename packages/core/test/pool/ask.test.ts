import { describe, expect, it } from '@jest/globals';
import { ask } from '../../src/pool/ask.js';
import type { Child } from '../../src/pool/child.js';
import type { ChildDeath } from '../../src/pool/pool.js';

/** A child without a process, which answers and dies when it is told to. */
function fakeChild(): { child: Child; answer(reply: unknown): void; die(): void } {
  let answer: (reply: unknown) => void = () => undefined;
  const child = {
    phase: 'boot',
    onExit: undefined,
    call: () => new Promise((resolve) => (answer = resolve)),
  } as unknown as Child;
  const death: ChildDeath = { kind: 'died', phase: 'task', exitCode: 3, signal: null };
  return { child, answer: (reply) => answer(reply), die: () => child.onExit!(death) };
}

const nothing = { timeout: undefined };

describe('ask', () => {
  it('gives the answer, and says what the child does', async () => {
    const { child, answer } = fakeChild();
    const asked = ask(child, 'task', [], { ...nothing, signal: new AbortController().signal });
    expect(child.phase).toBe('task');
    answer(7);
    expect(await asked).toEqual({ kind: 'reply', reply: 7 });
  });

  it('gives the death, or that time is over', async () => {
    const { child, die } = fakeChild();
    const { signal } = new AbortController();
    const asked = ask(child, 'task', [], { ...nothing, signal });
    die();
    expect(await asked).toMatchObject({ kind: 'died', exitCode: 3 });
    expect(await ask(child, 'task', [], { signal, timeout: 1 })).toEqual({ kind: 'timeout' });
    expect(child.onExit).toBeUndefined();
  });

  it('waits so long for what the child does first, and as long as it takes for the rest', async () => {
    const { signal } = new AbortController();
    const limits = { ...nothing, signal, phase: 'load', phaseTimeout: 1 } as const;
    expect(await ask(fakeChild().child, 'task', [], limits)).toEqual({ kind: 'timeout' });
    const { child, answer } = fakeChild();
    const asked = ask(child, 'task', [], limits);
    child.phase = 'task';
    await new Promise((resolve) => setTimeout(resolve, 5));
    answer(7);
    expect(await asked).toEqual({ kind: 'reply', reply: 7 });
  });

  it('waits no longer after an abort, but a moment for a child that may be late', async () => {
    for (const mayBeLate of [false, true]) {
      const { child } = fakeChild();
      const controller = new AbortController();
      const asked = ask(child, 'task', [], { ...nothing, signal: controller.signal, mayBeLate });
      controller.abort();
      expect(await asked).toEqual({ kind: 'cancelled' });
    }
  });

  it.each([
    [true, 'reply'],
    [false, 'cancelled'],
  ])('hears what a child says after an abort if it may be late: %p', async (mayBeLate, kind) => {
    const { child, answer } = fakeChild();
    const controller = new AbortController();
    const asked = ask(child, 'task', [], { ...nothing, signal: controller.signal, mayBeLate });
    controller.abort();
    answer(7);
    expect(await asked).toMatchObject({ kind });
  });
});

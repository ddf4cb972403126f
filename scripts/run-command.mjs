import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { fileURLToPath } from 'node:url';

/** The root of the workspace; every command runs there. */
export const root = fileURLToPath(new URL('..', import.meta.url));

// Ctrl-C at a terminal reaches the whole process group by itself: it is waited for here, not sent a second time.
const forwarded = ['SIGTERM', 'SIGHUP'];

/**
 * Runs a command in the root with this process's streams and resolves with its exit code (128 + n after signal n).
 * A signal to this process reaches the command, which is then waited for, so nothing is left running behind a prompt.
 */
export function runCommand(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, stdio: 'inherit', ...options });
    const forward = (signal) => child.kill(signal);
    const wait = () => {};
    for (const signal of forwarded) process.on(signal, forward);
    process.on('SIGINT', wait);
    const release = () => {
      for (const signal of forwarded) process.off(signal, forward);
      process.off('SIGINT', wait);
    };
    child.once('error', (error) => {
      release();
      reject(error);
    });
    child.once('close', (code, signal) => {
      release();
      resolve(code ?? 128 + constants.signals[signal]);
    });
  });
}

/** Runs a command and ends this process with its exit code unless that is 0. */
export async function runOrExit(command, args, options) {
  const code = await runCommand(command, args, options);
  if (code !== 0) process.exit(code);
}

/** Runs a command quietly: resolves with its exit code, its stdout and its whole output in the order it came. */
export function captureCommand(command, args, { timeout = 300_000, ...options } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout,
      killSignal: 'SIGKILL',
      ...options,
    });
    let stdout = '';
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text) => {
      stdout += text;
      output += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text) => {
      output += text;
    });
    child.once('error', reject);
    child.once('close', (code, signal) => {
      if (signal === 'SIGKILL') output += `\nkilled, perhaps after its ${timeout / 1000} s were over\n`;
      resolve({ code: code ?? 128 + constants.signals[signal], stdout, output });
    });
  });
}

import { captureCommand } from '../run-command.mjs';

/** What a program prints about itself, nothing where it cannot be run. */
export async function isThere(command, args) {
  try {
    const { code, output } = await captureCommand(command, args);
    return code === 0 ? output || command : undefined;
  } catch {
    return undefined;
  }
}

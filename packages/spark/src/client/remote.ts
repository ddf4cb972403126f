import { OptionError } from '@forkfold/core';

/** Where a Spark Connect server is, and what it is told with every call. */
export interface Remote {
  readonly host: string;
  readonly port: number;
  readonly useTls: boolean;
  readonly token: string | undefined;
  readonly userId: string | undefined;
  readonly userAgent: string | undefined;
  readonly sessionId: string | undefined;
  /** Parameters of other names: they travel as headers, as they do from Spark's own clients. */
  readonly headers: Readonly<Record<string, string>>;
}

const DEFAULT_PORT = 15002;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
/** Where a token in plain text meets no one. */
const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|::1)$/i;

/**
 * Reads a connection string of Spark Connect: `sc://host:port/;key=value;key=value`, the values percent-encoded. Known keys
 * are `token`, `use_ssl`, `user_id`, `user_agent` and `session_id`. A token travels over TLS only, which it turns on by itself;
 * on a loopback address it may travel without.
 *
 * @throws OptionError when it is no such string.
 */
export function parseRemote(text: string): Remote {
  const [address = '', ...rest] = text.split(';');
  const { host, port } = parseAddress(address, text);
  const parameters = new Map(rest.filter((part) => part !== '').map((part) => parseParameter(part, text)));
  const take = (name: string): string | undefined => {
    const value = parameters.get(name);
    parameters.delete(name);
    return value;
  };
  const useSsl = take('use_ssl');
  if (useSsl !== undefined && !/^(true|false)$/i.test(useSsl))
    throw refuse('"use_ssl" is true or false', text);
  const sessionId = take('session_id');
  if (sessionId !== undefined && !UUID.test(sessionId)) throw refuse('"session_id" is a UUID', text);
  const token = take('token');
  const isPlain = useSsl === undefined ? LOOPBACK.test(host) : useSsl.toLowerCase() === 'false';
  if (token !== undefined && isPlain && !LOOPBACK.test(host)) {
    throw refuse('a token is sent over TLS only: use_ssl=false is for loopback addresses', text);
  }
  const userId = take('user_id');
  const userAgent = take('user_agent');
  return {
    host,
    port,
    useTls: useSsl?.toLowerCase() === 'true' || (token !== undefined && !isPlain),
    token,
    userId,
    userAgent,
    sessionId,
    headers: headersOf(parameters, text),
  };
}

/** Whether the server is on this machine. */
export function isLoopback({ host }: Remote): boolean {
  return LOOPBACK.test(host);
}

/** The address in the form that gRPC dials. */
export function targetOf({ host, port }: Remote): string {
  return `dns:${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** The address as a message shows it. */
export function nameOf({ host, port }: Remote): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}

function parseAddress(address: string, text: string): { host: string; port: number } {
  const match = /^sc:\/\/(\[[0-9a-f:.%]+\]|[^\s:/?#@[\]]+)(?::(\d{1,5}))?\/?$/i.exec(address);
  if (!match) throw refuse('it begins with sc://host:port/', text);
  const [, host = '', port = String(DEFAULT_PORT)] = match;
  if (Number(port) < 1 || Number(port) > 65535) throw refuse('a port is from 1 to 65535', text);
  return { host: host.replace(/^\[|\]$/g, ''), port: Number(port) };
}

function parseParameter(part: string, text: string): [string, string] {
  const equals = part.indexOf('=');
  const [key, value] = [part.slice(0, equals), part.slice(equals + 1)];
  if (equals < 1 || value === '') throw refuse('each parameter is key=value', text);
  try {
    return [key, decodeURIComponent(value)];
  } catch {
    throw refuse(`the value of "${key}" is percent-encoded`, text);
  }
}

function headersOf(parameters: ReadonlyMap<string, string>, text: string): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [key, value] of parameters) {
    const name = key.toLowerCase();
    const isHeader = /^[0-9a-z_.-]+$/.test(name) && /^[\x20-\x7e]*$/.test(value);
    // gRPC keeps what begins so for itself, and reads what ends so as base64.
    if (!isHeader || name.startsWith('grpc-') || name.endsWith('-bin')) {
      throw refuse(`"${key}" can be no header`, text);
    }
    headers[name] = value;
  }
  return headers;
}

/** A message shows no token. */
function refuse(rule: string, text: string): OptionError {
  const shown = text.replace(/(;token=)[^;]*/gi, '$1...');
  return new OptionError(
    `Expected "remote" to be a Spark Connect address such as sc://host:15002/;user_id=me (${rule}), got ${JSON.stringify(shown)}`,
    'remote',
  );
}

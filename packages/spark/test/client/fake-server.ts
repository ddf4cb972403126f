import {
  createServer,
  connect as connectSocket,
  type AddressInfo,
  type Server as NetServer,
  type Socket,
} from 'node:net';
import { once } from 'node:events';
import {
  Metadata,
  Server,
  ServerCredentials,
  status as Code,
  type sendUnaryData,
  type ServerReadableStream,
  type ServerUnaryCall,
  type ServerWritableStream,
} from '@grpc/grpc-js';
import { float64, tableFromArrays, tableToIPC } from '@uwdata/flechette';
import { wire } from '../../src/client/wire.js';

type Fields = Record<string, any>;

/** What a test has the server do, by method; what it leaves out answers as a server does that has nothing to say. */
export interface Script {
  AnalyzePlan?: (request: Fields) => Fields;
  Config?: (request: Fields) => Fields;
  Interrupt?: (request: Fields) => Fields;
  ReleaseExecute?: (request: Fields) => Fields;
  ReleaseSession?: (request: Fields) => Fields;
  FetchErrorDetails?: (request: Fields) => Fields;
  AddArtifacts?: (messages: Fields[]) => Fields;
  ExecutePlan?: (call: ServerWritableStream<Fields, Fields>) => void;
  ReattachExecute?: (call: ServerWritableStream<Fields, Fields>) => void;
}

export interface FakeServer extends AsyncDisposable {
  readonly port: number;
  readonly remote: string;
  /** The calls so far, in order. */
  readonly calls: { readonly method: string; readonly request: Fields; readonly headers: Fields }[];
  called(method: string): Fields[];
  stop(): void;
}

export interface FakeOptions {
  readonly credentials?: ServerCredentials;
  /** Refuses calls without this bearer token. */
  readonly token?: string;
}

/** A Spark Connect server on the loopback interface, in this process. */
export async function fakeServer(
  script: Script = {},
  { credentials, token }: FakeOptions = {},
): Promise<FakeServer> {
  const calls: FakeServer['calls'] = [];
  const server = new Server();
  const defaults: Script = {
    AnalyzePlan: () => ({ spark_version: { version: '4.2.0' } }),
    Config: ({ operation }) => ({
      pairs: (operation.get_option?.keys ?? []).map((key: string) => ({ key, value: `${key} of a fake` })),
    }),
    Interrupt: () => ({ interrupted_ids: [] }),
    ReleaseExecute: () => ({}),
    ReleaseSession: () => ({}),
    FetchErrorDetails: () => ({ errors: [] }),
    AddArtifacts: () => ({ artifacts: [] }),
  };
  const handlers = { ...defaults, ...script };
  const check = (method: string, request: Fields, metadata: Metadata): void => {
    calls.push({ method, request, headers: metadata.getMap() });
    const [given] = metadata.get('authorization');
    if (token !== undefined && given !== `Bearer ${token}`)
      throw failure({ code: Code.UNAUTHENTICATED, details: 'Invalid token' });
  };
  const unary =
    (method: keyof Script) =>
    ({ request, metadata }: ServerUnaryCall<Fields, Fields>, answer: sendUnaryData<Fields>): void => {
      try {
        check(method, request, metadata);
        answer(null, {
          server_side_session_id: 'server-1',
          ...(handlers[method] as (request: Fields) => Fields)(request),
        });
      } catch (error) {
        answer(error as never);
      }
    };
  const stream =
    (method: 'ExecutePlan' | 'ReattachExecute') =>
    (call: ServerWritableStream<Fields, Fields>): void => {
      try {
        check(method, call.request, call.metadata);
        handlers[method]!(call);
      } catch (error) {
        call.emit('error', error);
      }
    };
  server.addService(wire().service, {
    ...Object.fromEntries(
      ['AnalyzePlan', 'Config', 'Interrupt', 'ReleaseExecute', 'ReleaseSession', 'FetchErrorDetails'].map(
        (method) => [method, unary(method as never)],
      ),
    ),
    ExecutePlan: stream('ExecutePlan'),
    ReattachExecute: stream('ReattachExecute'),
    AddArtifacts: (call: ServerReadableStream<Fields, Fields>, answer: sendUnaryData<Fields>) => {
      const messages: Fields[] = [];
      call.on('data', (message: Fields) => messages.push(message));
      call.on('end', () => {
        try {
          check('AddArtifacts', messages, call.metadata);
          answer(null, { server_side_session_id: 'server-1', ...handlers.AddArtifacts!(messages) });
        } catch (error) {
          answer(error as never);
        }
      });
    },
  });
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', credentials ?? ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    );
  });
  return {
    port,
    remote: `sc://127.0.0.1:${port}`,
    calls,
    called: (method) => calls.filter((call) => call.method === method).map(({ request }) => request),
    stop: () => server.forceShutdown(),
    [Symbol.asyncDispose]: async () => server.forceShutdown(),
  };
}

export interface FailureOptions {
  readonly code: number;
  readonly details: string;
  readonly condition?: string;
  readonly sqlState?: string;
  readonly errorId?: string;
  readonly retryDelay?: { readonly seconds: number; readonly nanos: number };
}

/** A failed call as Spark tells it, with its details in a trailer. */
export function failure({ code, details, condition, sqlState, errorId, retryDelay }: FailureOptions): Error {
  const metadata = new Metadata();
  const pack = (name: string, value: object): object => ({
    type_url: `type.googleapis.com/${name}`,
    value: wire().message(name).serialize(value),
  });
  const info = {
    ...(condition && { errorClass: condition }),
    ...(sqlState && { sqlState }),
    ...(errorId && { errorId }),
  };
  const parts = [
    ...(Object.keys(info).length > 0
      ? [pack('google.rpc.ErrorInfo', { reason: 'a reason', domain: 'spark', metadata: info })]
      : []),
    ...(retryDelay ? [pack('google.rpc.RetryInfo', { retry_delay: retryDelay })] : []),
  ];
  if (parts.length > 0)
    metadata.set(
      'grpc-status-details-bin',
      wire().message('google.rpc.Status').serialize({ code, message: details, details: parts }),
    );
  return Object.assign(new Error(details), { code, details, metadata });
}

/** An Arrow batch with one column of numbers. */
export function batchOf(values: readonly number[]): Fields {
  const data = tableToIPC(tableFromArrays({ value: [...values] }, { types: { value: float64() } }), {
    format: 'stream',
  });
  return { arrow_batch: { row_count: values.length, data: Buffer.from(data!) } };
}

export type Cut = 'end' | 'unavailable' | 'internal';

/**
 * An operation that gives these responses and the completion, and goes on where a client was. Each of the cuts, in turn, ends a
 * stream after so many responses.
 */
export function resumable(
  responses: readonly Fields[],
  cuts: readonly { readonly after: number; readonly how: Cut }[] = [],
): Pick<Script, 'ExecutePlan' | 'ReattachExecute'> {
  const all = [...responses, { result_complete: {} }].map((response, index) => ({
    ...response,
    response_id: `r${index}`,
  }));
  const left = [...cuts];
  const give = (call: ServerWritableStream<Fields, Fields>, from: number): void => {
    const cut = left.shift();
    const to = cut ? from + cut.after : all.length;
    for (const response of all.slice(from, to)) call.write(response);
    if (!cut || cut.how === 'end' || to >= all.length) call.end();
    else
      call.emit(
        'error',
        failure({
          code: cut.how === 'internal' ? Code.INTERNAL : Code.UNAVAILABLE,
          details: 'torn by the test',
        }),
      );
  };
  return {
    ExecutePlan: (call) => give(call, 0),
    ReattachExecute: (call) => {
      const { last_response_id: last } = call.request;
      give(call, all.findIndex(({ response_id: id }) => id === last) + 1);
    },
  };
}

/** A way to a server that can be torn, or that leads nowhere. */
export interface Proxy extends AsyncDisposable {
  readonly remote: string;
  /** Breaks the connections that are open. */
  tear(): void;
  /** Lets nothing through any more, and breaks nothing. */
  hang(): void;
  /** Breaks so many of the next connections at once. */
  refuse(count: number): void;
}

export async function proxyTo(port: number | undefined): Promise<Proxy> {
  const sockets = new Set<Socket>();
  let refusing = 0;
  let isHanging = false;
  const server: NetServer = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    if (refusing > 0) {
      refusing -= 1;
      socket.destroy();
      return;
    }
    if (port === undefined) return;
    const onward = connectSocket(port, '127.0.0.1');
    sockets.add(onward);
    onward.on('error', () => socket.destroy());
    socket.on('close', () => onward.destroy());
    onward.on('close', () => socket.destroy());
    socket.on('data', (data) => isHanging || onward.write(data));
    onward.on('data', (data) => isHanging || socket.write(data));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const tear = (): void => {
    for (const socket of sockets) socket.destroy();
    sockets.clear();
  };
  return {
    remote: `sc://127.0.0.1:${(server.address() as AddressInfo).port}`,
    tear,
    hang: () => {
      isHanging = true;
    },
    refuse: (count) => {
      refusing = count;
    },
    [Symbol.asyncDispose]: async () => {
      tear();
      server.close();
    },
  };
}
